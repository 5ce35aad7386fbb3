#!/usr/bin/env node
// A model server that answers at once: OpenAI's chat completions, streaming, one short sentence. It keeps what each
// request weighed and how much of it a provider could have cached; the figures are had with GET.
import { createServer } from "node:http";

const event = (value) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (choice, more) => ({
  id: "c",
  object: "chat.completion.chunk",
  created: 1,
  model: "m",
  choices: [{ index: 0, ...choice }],
  ...more,
});
const usage = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 };
const answer = [
  event(chunk({ delta: { role: "assistant", content: "That makes " } })),
  event(chunk({ delta: { content: "as much as you think." } })),
  event(chunk({ delta: {}, finish_reason: "stop" })),
  event(chunk({ delta: {} }, { usage })),
  "data: [DONE]\n\n",
].join("");

const bytes = [];
const tools = [];
/** Per request: the share of the one before it that it begins with; what a provider reads is tools, then messages. */
const kept = [];
let before = "";

function weigh(raw) {
  bytes.push(Buffer.byteLength(raw));
  const body = JSON.parse(raw);
  tools.push((body.tools ?? []).map((tool) => tool.function.name));
  const read = JSON.stringify([body.tools ?? [], body.messages]).slice(0, -2);
  let same = 0;
  while (same < before.length && before[same] === read[same]) same++;
  if (before !== "") kept.push(same / before.length);
  before = read;
}

const server = createServer((request, response) => {
  if (request.method === "GET" && request.url === "/") {
    response.end(JSON.stringify({ bytes, tools: tools[0] ?? [], kept }));
    return;
  }
  // The size of its model, for which it is asked too, it does not know.
  if (!request.url.endsWith("/chat/completions")) {
    response.writeHead(404).end();
    return;
  }
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(answer);
    weigh(Buffer.concat(parts).toString("utf8"));
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
