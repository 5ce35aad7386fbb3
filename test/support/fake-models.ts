import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with one request. */
export interface FakeReply {
  /** Streamed word by word. */
  text?: string;
  tools?: { name: string; input: unknown }[];
  finish?: "length";
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  /** Closes the connection in mid-stream: `rst` breaks it, `end` ends it politely without an end mark. */
  cut?: "rst" | "end";
  /** Says nothing more after the text. */
  stall?: boolean;
}

export interface FakeRequest {
  path: string;
  headers: Record<string, unknown>;
  /** As sent. */
  raw: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocols' own shapes, looked into by tests
  body: any;
}

export interface FakeModels {
  /** Base address for `models.providers`. */
  baseUrl: string;
  requests: FakeRequest[];
  /** Answers for the next requests, in order; when they are used up, `answer` is asked. */
  script: FakeReply[];
  answer: (request: FakeRequest) => FakeReply;
  close(): Promise<void>;
}

/** A model server on loopback: OpenAI's chat completions and Anthropic's messages, streaming. */
export async function startFakeModels(): Promise<FakeModels> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const raw = Buffer.concat(parts).toString("utf8");
      const seen = { path: request.url!, headers: request.headers, raw, body: JSON.parse(raw) };
      models.requests.push(seen);
      const reply = models.script.shift() ?? models.answer(seen);
      if (reply.status !== undefined) {
        response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
        response.end(reply.body ?? "{}");
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      const events = request.url!.endsWith("/messages") ? anthropic(reply) : openai(reply);
      send(response, events, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const models: FakeModels = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests: [],
    script: [],
    answer: () => ({ text: "Hello from the model" }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return models;
}

function send(response: ServerResponse, events: string[], { cut, stall }: FakeReply): void {
  if (cut === undefined && stall !== true) {
    response.end(events.join(""));
    return;
  }
  response.write(events.slice(0, Math.ceil(events.length / 2)).join(""), () => {
    if (cut === "rst") setTimeout(() => response.destroy(), 20);
    if (cut === "end") response.end();
  });
}

const words = (text: string) => text.match(/\S+\s*/g) ?? [];

function openai({ text = "", tools = [], finish }: FakeReply): string[] {
  const chunk = (choice: object, more: object = {}) =>
    `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, ...choice }], ...more })}\n\n`;
  return [
    ...words(text).map((content) => chunk({ delta: { role: "assistant", content } })),
    ...tools.map(({ name, input }, index) =>
      chunk({
        delta: {
          tool_calls: [
            {
              index,
              id: `call-${index}`,
              type: "function",
              function: { name, arguments: argumentsOf(input) },
            },
          ],
        },
      }),
    ),
    chunk({ delta: {}, finish_reason: finish ?? (tools.length > 0 ? "tool_calls" : "stop") }),
    chunk(
      { delta: {} },
      {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 7,
          total_tokens: 107,
          prompt_tokens_details: { cached_tokens: 60 },
        },
      },
    ),
    "data: [DONE]\n\n",
  ];
}

function anthropic({ text = "", tools = [], finish }: FakeReply): string[] {
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const usage = {
    input_tokens: 40,
    cache_read_input_tokens: 60,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  };
  const blocks = [
    ...(text === ""
      ? []
      : [
          {
            start: { type: "text", text: "" },
            deltas: words(text).map((word) => ({ type: "text_delta", text: word })),
          },
        ]),
    ...tools.map(({ name, input }, index) => ({
      start: { type: "tool_use", id: `call-${index}`, name, input: {} },
      deltas: [{ type: "input_json_delta", partial_json: argumentsOf(input) }],
    })),
  ];
  return [
    event("message_start", {
      message: { id: "m", type: "message", role: "assistant", model: "m", content: [], usage },
    }),
    ...blocks.flatMap(({ start, deltas }, index) => [
      event("content_block_start", { index, content_block: start }),
      ...deltas.map((delta) => event("content_block_delta", { index, delta })),
      event("content_block_stop", { index }),
    ]),
    event("message_delta", {
      delta: { stop_reason: finish === "length" ? "max_tokens" : tools.length > 0 ? "tool_use" : "end_turn" },
      usage: { output_tokens: 7 },
    }),
    event("message_stop", {}),
  ];
}

const argumentsOf = (input: unknown) => (typeof input === "string" ? input : JSON.stringify(input));
