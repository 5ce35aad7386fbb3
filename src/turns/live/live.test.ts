import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { turnLabs } from "../../../test/support/turn-lab.js";
import { createAgent } from "../../agents/index.js";
import { type Config, parseConfig } from "../../config/index.js";
import type { Log } from "../../platform/index.js";
import type { TurnEnd } from "../../store/index.js";
import { LiveSessions } from "./live.js";

const open = turnLabs();
const left = new AbortController().signal;
const served = { account: "default", handle: "+15550100123" };
const chat = (id: number) => ({ id, guid: "", identifier: "", name: "", participants: [], isGroup: false });
const code = (wanted: string) => expect.objectContaining({ code: wanted });

async function configOf(...agents: object[]): Promise<Config> {
  const parsed = await parseConfig(JSON.stringify({ agents: { list: agents } }), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value.config;
}
const live = (id: string, more: object = {}) => ({ id, runtime: { type: "channel", ...more } });

/** The sessions of two agents, one of which may have all its chats in one. */
async function attaching() {
  const lab = open();
  let config = await configOf(live("apart"), live("one", { oneSession: true }), {
    ...live("demo"),
    runtime: { type: "demo" },
  });
  const logged: unknown[] = [];
  const log = { ...lab.log, info: (text, fields) => logged.push([text, fields]) } as Log;
  let changes = 0;
  const sessions = new LiveSessions(
    {
      ...{ store: lab.store, clock: lab.clock, log, config: () => config },
      ...{ isHushed: async () => false, left: () => undefined },
    },
    () => {
      changes += 1;
    },
  );
  const { control } = sessions;
  const attach = (asked: Parameters<(typeof control)["channel.attach"]>[0]) =>
    control["channel.attach"](asked, left);
  const agent = await createAgent(
    { id: "apart", name: "apart", workspace: lab.folder, runtime: { type: "channel" } } as never,
    { channels: sessions.sessions, home: lab.folder } as never,
  );
  /** A turn of a chat is with its session, and its agent waits for the answer. */
  const push = (turnId: string, chatId: number) => {
    const { envelope } = fakeTurn("hi");
    const own = { turnId, agentId: "apart", accountId: "default", chat: { ...envelope.chat, chatId } };
    const turn = fakeTurn("hi", { envelope: own });
    void (async () => {
      for await (const _ of agent.run(turn, left));
    })().catch(() => {});
    return turn;
  };
  const setConfig = (next: Config) => {
    config = next;
  };
  return { lab, sessions, control, attach, push, logged, setConfig, changes: () => changes };
}

it("tells whoever attaches to which conversation that is, and whether somebody was there (behaviour 20.4)", async () => {
  const { attach, logged, changes } = await attaching();
  const first = await attach({ agent: "apart", chat: "chat_id:7" });
  expect(first).toEqual({
    ...{ attachment: expect.any(String), agent: "apart", chat: "chat_id:7", replaced: false },
  });
  const one = await attach({ agent: "one" });
  expect(one).toMatchObject({ agent: "one", chat: null, replaced: false });
  expect(changes()).toBe(2);
  const next = await attach({ agent: "apart", chat: "chat_id:7" });
  expect(next).toMatchObject({ chat: "chat_id:7", replaced: true });
  expect(next.attachment).not.toBe(first.attachment);
  expect(logged).toEqual([
    ["a session is attached", { agent: "apart", account: "default", chat: "chat_id:7" }],
    ["a session is attached", { agent: "one" }],
    ["a session is attached in place of another", { agent: "apart", account: "default", chat: "chat_id:7" }],
  ]);
});

it("tells how a conversation is served, where sessions answer it", async () => {
  const { lab, sessions, attach } = await attaching();
  const { clock } = lab;
  const since = clock.now();
  const describe = (agentId: string, chatId: number, sessionKey = `s${chatId}`) =>
    sessions.describe(sessionKey, { ...served, agentId, chat: chat(chatId) });
  expect(describe("demo", 7)).toBeUndefined();
  expect(describe("apart", 7, "agent:apart:acp:0b7d4c51-9c0e-4d1b-8a3f-100100000000")).toBeUndefined();
  expect(describe("apart", 7)).toEqual({ attachedSince: undefined, waitingSince: undefined });
  await lab.queue("t8", { session: "s8", chatId: 8, agentId: "apart" });
  await clock.advance(1000);
  await attach({ agent: "apart", chat: "chat_id:7" });
  sessions.waiting.start();
  await lab.until(() => sessions.waiting.since("s8") !== undefined);
  expect(describe("apart", 7)).toEqual({ attachedSince: since + 1000, waitingSince: undefined });
  expect(describe("apart", 8)).toEqual({ attachedSince: undefined, waitingSince: since });
  // Who attaches is found at once, without waiting for anything else to happen.
  await attach({ agent: "apart", chat: "chat_id:8" });
  await lab.until(() => sessions.waiting.since("s8") === undefined);
  expect(describe("apart", 8)).toEqual({ attachedSince: since + 1000, waitingSince: undefined });
  await sessions.waiting.stop();
});

it("ends what the configuration does not allow any more, and nothing else", async () => {
  const { sessions, control, attach, setConfig } = await attaching();
  const apart = await attach({ agent: "apart", chat: "chat_id:7" });
  const one = await attach({ agent: "one" });
  sessions.refresh();
  const isServed = (agentId: string) =>
    sessions.sessions.servingSince({ ...served, agentId, chat: chat(7) }) !== undefined;
  expect([isServed("apart"), isServed("one")]).toEqual([true, true]);
  setConfig(await configOf(live("apart"), live("one")));
  sessions.refresh();
  expect([isServed("apart"), isServed("one")]).toEqual([true, false]);
  await expect(control["channel.next"]({ attachment: one.attachment }, left)).rejects.toEqual(
    code("CHANNEL_DETACHED"),
  );
  expect(await control["channel.permission"]({ ...apart, ...request }, left)).toEqual({ asked: false });
});

const request = { requestId: "r", tool: "Bash", description: "ls", preview: "" };

it.each<[string, TurnEnd, string, boolean]>([
  ["sent", { outcome: "done", replies: [] }, "Sent.", false],
  ["held", { outcome: "done", replies: [], holds: [{ id: "d" } as never] }, "until an owner says yes", false],
  ["held for nobody", { outcome: "done", replies: [], holds: [] }, "Sent.", false],
  [
    "failed",
    { outcome: "failed", replies: [], error: { code: "AGENT_FAILED", message: "no" } },
    "AGENT_FAILED",
    true,
  ],
  ["cancelled", { outcome: "cancelled", replies: [] }, "was stopped", true],
])("tells who answered that it was %s", async (_, end, words, isError) => {
  const { lab, sessions, control, attach, push } = await attaching();
  const { attachment } = await attach({ agent: "apart", chat: "chat_id:7" });
  const turn = push("t1", 7);
  expect(await control["channel.next"]({ attachment }, left)).toMatchObject([{ turnId: "t1" }]);
  await control["channel.tool"](
    { attachment, turnId: "t1", tool: "schedule", input: { do: "add", text: "later", inMinutes: 5 } },
    left,
  );
  expect(turn.scheduled).toMatchObject([{ text: "later" }]);
  expect(await control["channel.permission"]({ attachment, ...request }, left)).toEqual({ asked: true });
  let told: unknown;
  void control["channel.reply"]({ attachment, turnId: "t1", text: "hello" }, left).then((answer) => {
    told = answer;
  });
  await new Promise((resolve) => setImmediate(resolve));
  sessions.ended({ id: "another" } as never, end);
  await new Promise((resolve) => setImmediate(resolve));
  // It is told of what is stored, and of its own turn.
  expect(told).toBeUndefined();
  await lab.until(() => {
    sessions.ended({ id: "t1" } as never, end);
    return told !== undefined;
  });
  expect(told).toEqual({ text: expect.stringContaining(words), isError });
});

it("waits for the hand-over of a turn that is still to be answered, and of no other", async () => {
  const { lab, control, attach } = await attaching();
  const { attachment } = await attach({ agent: "apart", chat: "chat_id:7" });
  const { store, clock } = lab;
  await lab.queue("running", { session: "a" });
  const [first] = await store.turns.claim("node", 1, clock.now());
  await lab.queue("queued", { session: "a" });
  await lab.queue("done", { session: "b" });
  const [second] = await store.turns.claim("node", 1, clock.now());
  await store.turns.end(second!.claim, { outcome: "done", replies: [] }, clock.now(), false);
  expect(first!.turn.id).toBe("running");
  const answered: Record<string, string> = {};
  for (const turnId of ["running", "queued", "done", "gone"])
    control["channel.reply"]({ attachment, turnId, text: "hi" }, left).catch((error) => {
      answered[turnId] = error.code;
    });
  await clock.advance(9_999);
  expect(answered).toEqual({ done: "CHANNEL_OVER", gone: "CHANNEL_OVER" });
  await clock.advance(1);
  await lab.until(() => Object.keys(answered).length === 4);
  expect(answered).toMatchObject({ running: "CHANNEL_EARLY", queued: "CHANNEL_EARLY" });
});
