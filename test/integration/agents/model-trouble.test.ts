import { tmpdir } from "node:os";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actionNames } from "../../../src/actions/index.js";
import { createAgent } from "../../../src/agents/index.js";
import { systemClock } from "../../../src/platform/index.js";
import { fakeTurn, runTurn } from "../../support/agent-turn.js";
import {
  type FakeModels,
  type FakeReply,
  type FakeRequest,
  startFakeModels,
} from "../../support/fake-models.js";

let server: FakeModels;
beforeAll(async () => {
  server = await startFakeModels();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(() => server.close());

/** What the server does with a request, and how many there were before it in the turn. */
type Answering = (request: FakeRequest, before: number) => FakeReply;

/** Its first replies, then an answer. */
const first =
  (...replies: FakeReply[]): Answering =>
  (_, before) =>
    replies[before] ?? { text: "Here you are." };
const always =
  (reply: FakeReply): Answering =>
  () =>
    reply;
/** A server that takes so many characters of a request. */
const takes =
  (most: number, reply: FakeReply, refusal: FakeReply = tooLong): Answering =>
  ({ raw, body }) => {
    if (raw.length > most) return refusal;
    return hasResult(body) || body.tools === undefined ? { text: "Here you are." } : reply;
  };
const tooLong = { status: 400, body: '{"error":{"message":"maximum context length is 2048 tokens"}}' };
const hasResult = (body: unknown) => /"role":"tool"|"tool_result"/.test(JSON.stringify(body));
const look: FakeReply = { tools: [{ name: "history", input: {} }] };
const heart: FakeReply = { tools: [{ name: "message", input: { action: "react", emoji: "love" } }] };
const streamed = (message: string): FakeReply => ({
  status: 200,
  headers: { "content-type": "text/event-stream" },
  body: `event: error\ndata: ${JSON.stringify({ type: "error", error: { message } })}\n\n`,
});
const page = { status: 200, body: "<html>Log in</html>", headers: { "content-type": "text/html" } };
const busy = (seconds: number): FakeReply => ({ status: 529, headers: { "retry-after": `${seconds}` } });

const answer = "Here you are.";
const long = "All of what was said that day. ".repeat(100);

/** Each way in which a private model server is in trouble, and how the turn ends: an answer, or a failure that is told. */
const table: [string, Answering, string, { past?: number }?][] = [
  [
    "slow: silent in the middle, for ever",
    always({ text: "and so on and on", stall: true }),
    "MODEL_STALLED",
  ],
  ["slow: silent once", first({ text: "and so on and on", stall: true }), answer],
  ["full: for a moment", first(busy(0), busy(0)), answer],
  ["full: for minutes", always(busy(120)), "MODEL_OVERLOADED"],
  ["wrong: refuses the request", always({ status: 400 }), "MODEL_REQUEST"],
  ["wrong: a page of a proxy", always(page), "MODEL_CUT"],
  ["wrong: always empty", always({ text: "" }), "MODEL_EMPTY"],
  ["wrong: empty once", first({ text: "" }), answer],
  ["wrong: empty after its tools", first(look, { text: "" }), answer],
  [
    "wrong: always empty after its tools",
    ({ body }) => (hasResult(body) ? { text: "" } : look),
    "MODEL_EMPTY",
  ],
  ["wrong: a tool call as text", first({ text: '<tool_call>{"name":"history"}</tool_call>' }), answer],
  ["cut off: once, in the middle", first({ text: "half of an answer", cut: "rst" }), answer],
  ["cut off: always, in the middle", always({ text: "half of an answer", cut: "rst" }), "MODEL_NETWORK"],
  ["cut off: always, politely", always({ text: "half of an answer", cut: "end" }), "MODEL_CUT"],
  ["cut off: thoughts use up its output", always({ text: "<think>Hm", finish: "length" }), "MODEL_OUTPUT"],
  ["cut off: its output ends after some words", always({ text: "Half", finish: "length" }), "Half"],
  ["out of context: the message alone", always(tooLong), "MODEL_CONTEXT"],
  ["out of context: one past turn", takes(6000, { text: answer }), answer, { past: 1 }],
  ["out of context: many past turns", takes(6000, { text: answer }), answer, { past: 5 }],
  ["out of context: a tool's result", takes(5800, look), answer],
  [
    "out of context: told as a failure of its own",
    takes(6000, look, { status: 500, body: "context size" }),
    answer,
  ],
  ["out of context: told in the stream", takes(6000, look, streamed("context length exceeded")), answer],
  [
    "ignores tool_choice, while it knows of tools",
    ({ body }) => (body.tools ? look : { text: answer }),
    answer,
  ],
  [
    "ignores tool_choice with words before its calls",
    ({ body }) => (body.tools ? { text: "One moment.", ...look } : { text: answer }),
    `One moment.\n\n${answer}`,
  ],
  ["ignores tool_choice, whatever it knows", always(look), "MODEL_EMPTY"],
  ["ignores tool_choice, and does things", always(heart), "MODEL_EMPTY"],
];

describe.each(["openai-completions", "anthropic-messages"] as const)("a private server over %s", (api) => {
  it.each(table)("%s", async (what, answering, end, { past = 0 } = {}) => {
    // Only who is slow here is to be given up: a busy machine is slow as well.
    const stallSeconds = what.startsWith("slow") ? 0.3 : 30;
    const agent = await createAgent(
      {
        id: "main",
        workspace: tmpdir(),
        runtime: { type: "llm", model: "house/m", maxSteps: 4, stallSeconds },
      },
      {
        env: {},
        home: "/",
        // Between two tries nobody waits.
        clock: { ...systemClock, sleep: async () => true },
        random: () => 0,
        zone: "UTC",
        providers: { house: { api, baseUrl: server.baseUrl } },
      },
    );
    let session: unknown;
    server.answer = () => ({ text: "ok" });
    for (let turn = 0; turn < past; turn++)
      session = (await runTurn(agent, fakeTurn(`${turn} ${long}`, { session }))).session;
    const before = server.requests.length;
    server.answer = (request) => answering(request, server.requests.length - before - 1);
    const turn = fakeTurn("what was said?", { session, offered: actionNames });
    turn.history = {
      recent: async () => [{ sender: "Mia", text: long, sentAt: "2026-05-08T10:00:00Z" }],
      search: async () => [],
    };
    const ended = await runTurn(agent, turn).then(
      ({ text }) => text,
      (error) => error.code,
    );
    expect([...new Set(ended.split("\n\n"))].join("\n\n")).toBe(end);
    expect(turn.acted.length).toBeLessThan(4);
  });
});
