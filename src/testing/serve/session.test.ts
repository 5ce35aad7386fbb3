import { afterEach, beforeEach, expect, it } from "vitest";
import { ServedSession } from "./session.js";

interface Frame {
  id?: number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string; data?: { code: string } };
}

/** The other side, in another language for all that the session knows. */
let session: ServedSession;
let waiting: Map<number, (frame: Frame) => void>;
let onTurn: (params: Record<string, unknown>) => Promise<string | null>;
let strays: Frame[];
let lastId: number;

beforeEach(() => {
  waiting = new Map();
  strays = [];
  lastId = 0;
  session = new ServedSession((line) => {
    const frame = JSON.parse(line) as Frame;
    if (frame.method === "agent.turn") void answer(frame);
    else if (frame.method === undefined && waiting.has(frame.id ?? -1)) waiting.get(frame.id ?? -1)!(frame);
    else strays.push(frame);
  });
});
afterEach(() => session.end());

async function answer({ id, params = {} }: Frame): Promise<void> {
  try {
    session.accept(JSON.stringify({ jsonrpc: "2.0", id, result: await onTurn(params) }));
  } catch (error) {
    session.accept(JSON.stringify({ jsonrpc: "2.0", id, error: { code: 1, message: String(error) } }));
  }
}

function call(method: string, params: object = {}): Promise<Frame> {
  const id = ++lastId;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    session.accept(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
  });
}

async function done(method: string, params: object = {}): Promise<unknown> {
  const { result, error } = await call(method, params);
  if (error) throw new Error(error.message);
  return result;
}

const mia = "+15550100123";

it("plays a world whose agent answers from the other side, acts in its turn, and sleeps there", async () => {
  onTurn = async ({ turn, text, envelope }) => {
    const [{ sid }] = (envelope as { messages: [{ sid: string }] }).messages;
    await done("turn.act", { turn, action: "react", parameters: { messageId: sid, emoji: "like" } });
    await done("turn.sleep", { turn, ms: 3_000 });
    await done("turn.say", { turn, text: "First this." });
    return `Then: ${text}`;
  };
  await done("world.open", { agents: ["main"], config: { channels: { imessage: { streaming: "block" } } } });
  const { message } = (await done("world.says", { from: mia, text: "Hello" })) as { message: string };
  await done("world.settles");
  expect(await done("world.received", { with: mia })).toEqual(["First this.", "Then: Hello"]);
  expect(await done("expect.received", { with: mia, texts: ["First this.", "Then: Hello"] })).toBe(true);
  expect(await done("expect.answeredExactlyOnce", { message })).toBe(true);
  expect(await done("expect.leakedNothing")).toBe(true);
  expect(await done("world.story", { message })).toMatchObject({
    decision: "dispatch",
    turn: { agent: "main", state: "done" },
    replies: [{ text: "First this." }, { text: "Then: Hello" }],
  });
  expect(await call("expect.silent", { with: mia })).toMatchObject({
    error: { code: -32001, data: { code: "NOT_SO" }, message: expect.stringContaining("First this.") },
  });
});

it("plays groups, faults and refusals", async () => {
  onTurn = async () => "I am here.";
  await done("world.open", {
    config: { channels: { imessage: { allowFrom: [mia], groups: { "*": { requireMention: false } } } } },
  });
  const { group } = (await done("world.group", { members: [mia, "+15550100124"] })) as { group: number };
  await done("world.fault", { name: "gateway-dies", ms: 500 });
  await done("world.says", { from: mia, text: "Anybody?", group });
  const refused = (await done("world.says", { from: "+15550100199", text: "Me?" })) as { message: string };
  await done("world.settles");
  await done("expect.received", { group, texts: ["I am here."] });
  expect(await done("world.story", { message: refused.message })).toMatchObject({ decision: "pairing" });
});

it("goes on with a turn whose run before a death is answered late", async () => {
  let answerFirst = () => {};
  onTurn = async ({ turn, attempt, text }) => {
    if (text === "And me?") return "You too.";
    if (attempt === 1)
      return new Promise((resolve) => {
        answerFirst = () => resolve("too late");
      });
    answerFirst();
    // The late answer has come before what is said here.
    expect(await call("turn.say", { turn: "none", text: "x" })).toMatchObject({ error: {} });
    await done("turn.say", { turn, text: "Here I am again." });
    return null;
  };
  await done("world.open", { patience: { ms: 5 } });
  await done("world.says", { from: mia, text: "Hello" });
  await done("world.passes", { seconds: 10 });
  await done("world.fault", { name: "gateway-dies", ms: 1000 });
  await done("world.says", { from: "+15550100124", text: "And me?" });
  await done("world.settles");
  expect(await done("world.received", { with: mia })).toEqual(["Here I am again."]);
  expect(await done("world.received", { with: "+15550100124" })).toEqual(["You too."]);
});

it("says what is wrong with a call, and goes on", async () => {
  onTurn = async () => {
    throw new Error("the model is tired");
  };
  session.accept("no JSON");
  expect(strays).toMatchObject([{ id: null, error: { code: -32700 } }]);
  expect(await call("world.dances")).toMatchObject({ error: { code: -32601 } });
  expect(await call("world.says", { from: mia })).toMatchObject({
    error: { code: -32602, message: expect.stringContaining('"text"') },
  });
  expect(await call("world.settles")).toMatchObject({ error: { data: { code: "WORLD_NOT_OPEN" } } });
  await done("world.open");
  expect(await call("turn.say", { turn: "none", text: "x" })).toMatchObject({
    error: { data: { code: "TURN_UNKNOWN" } },
  });
  for (const [method, more] of Object.entries({
    ...{ "world.received": {}, "expect.received": { texts: ["x"] }, "world.byHand": { text: "x" } },
  }))
    expect(await call(method, more)).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('"with" or "group"') },
    });
  expect(await done("world.transcript")).toEqual([]);
  expect(await call("world.fault", { name: "gateway-dies", ms: "1" })).toMatchObject({
    error: { code: -32000, data: { code: "FAULT_INVALID" } },
  });
  const { message } = (await done("world.says", { from: mia, text: "Hello" })) as { message: string };
  await done("world.settles");
  expect(await done("world.story", { message })).toMatchObject({
    turn: { state: "failed", error: { message: expect.stringContaining("the model is tired") } },
  });
});
