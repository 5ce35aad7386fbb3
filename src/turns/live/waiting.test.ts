import { afterEach, expect, it } from "vitest";
import { TurnLab } from "../../../test/support/turn-lab.js";
import type { ChannelSessions } from "../../agents/index.js";
import type { Config } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import { WaitingTurns } from "./waiting.js";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const minuteMs = 60_000;
const words = "It waits.";
const channel = (id: string, waitingAfterMinutes = 5) => ({
  id,
  sendTo: [],
  runtime: { type: "channel", oneSession: false, waitingAfterMinutes, waitingReply: words },
});

/** Turns of `main`, which running sessions answer, and of `other`, which answers itself. */
function bench({
  hushed = false,
  afterMinutes = 5,
  left = { served: [] as string[], unserved: [] as string[] },
} = {}) {
  const attached = new Set<number>();
  const lab: TurnLab = new TurnLab({
    maxConcurrent: 1,
    agent: async function* (turn) {
      const { agentId, chat } = turn.envelope;
      if (agentId === "main" && !attached.has(chat.chatId))
        throw new TapbackError("AGENT_DETACHED", "nobody");
      yield { type: "text", text: `answer to ${turn.envelope.text}` };
    },
    parts: {
      limits: {
        maxConcurrent: () => 1,
        timeoutMs: async () => 1000,
        admit: async () => "runs",
        choice: { withEnd: () => !waiting.isOn(), now: async () => ({ held: await waiting.now() }) },
      },
    },
  });
  const config = {
    agents: {
      defaults: {},
      list: [channel("main", afterMinutes), { ...channel("other"), runtime: { type: "demo" } }],
    },
    messages: { groupChat: {} },
    acp: {},
    models: {},
  } as unknown as Config;
  const sessions = {
    servingSince: ({ chat }: { chat: { id: number } }) => (attached.has(chat.id) ? 1 : undefined),
  } as unknown as ChannelSessions;
  const { store, clock, log } = lab;
  const waiting: WaitingTurns = new WaitingTurns({
    ...{ store, clock, log, sessions },
    config: () => config,
    isHushed: async () => hushed,
    left: () => left,
  });
  closing.push(async () => {
    await waiting.stop();
    await lab.close();
  });
  const attach = (chatId: number) => {
    attached.add(chatId);
    waiting.wake();
    lab.runner.wake();
  };
  return { lab, waiting, attach, attached };
}

it("leaves turns where they are while nobody is attached, without a place, a clock or a try, and holds up nobody", async () => {
  const { lab, waiting, attach } = bench();
  waiting.start();
  lab.runner.start();
  await lab.queue("t1", { session: "a", chatId: 7 });
  await lab.queue("t2", { session: "b", chatId: 8 });
  await lab.queue("free", { session: "c", agentId: "other" });
  await lab.ended("free");
  await lab.clock.advance(60 * minuteMs);
  expect(await lab.states("t1", "t2")).toEqual(["queued", "queued"]);
  expect((await lab.store.turns.get("t1"))?.attempt).toBe(0);
  attach(8);
  await lab.ended("t2");
  expect(await lab.states("t1")).toEqual(["queued"]);
  expect(lab.ends.get("t2")).toMatchObject({ outcome: "done" });
  attach(7);
  await lab.ended("t1");
  expect(await lab.sent("t1")).toContain("answer to t1");
});

it("tells who waits long, once, and in a direct chat alone", async () => {
  const { lab, waiting } = bench();
  waiting.start();
  await lab.queue("t1", { session: "a", chatId: 7 });
  await lab.queue("group", { session: "g", chatId: 9, isGroup: true });
  await lab.clock.advance(4 * minuteMs);
  expect(await lab.sent("t1", "group")).toEqual([]);
  expect(waiting.of("default")).toMatchObject({ chats: 2, isLong: false });
  expect(waiting.of("work")).toBeUndefined();
  await lab.until(async () => (await lab.sent("t1")).length > 0);
  await lab.clock.advance(60 * minuteMs);
  expect(await lab.sent("t1", "group")).toEqual([words]);
  expect(waiting.of("default")).toMatchObject({ isLong: true });
  expect(waiting.since("a")).toBeDefined();
  expect(waiting.since("b")).toBeUndefined();
});

it("counts and tells nobody who is served, is an ACP session, or whose turns run elsewhere", async () => {
  const { lab, waiting, attached } = bench({ left: { served: ["work"], unserved: ["gone"] } });
  await lab.queue("served", { session: "b", chatId: 8 });
  await lab.queue("work", { session: "c", chatId: 9, account: "work" });
  await lab.queue("gone", { session: "a", chatId: 11, account: "gone" });
  await lab.queue("waits", { session: "a", chatId: 7 });
  await lab.queue("acp", { session: "agent:main:acp:0b7d4c51-9c0e-4d1b-8a3f-100100000000", chatId: 10 });
  attached.add(8);
  waiting.start();
  await lab.until(async () => (await lab.sent("waits")).length > 0);
  await lab.clock.advance(60 * minuteMs);
  expect(await lab.sent("waits", "served", "work", "gone", "acp")).toEqual([words]);
  expect(waiting.of("default")).toMatchObject({ chats: 1 });
  expect(waiting.of("work")).toBeUndefined();
  const { agents, accounts, free } = (await waiting.now())!;
  expect([agents, [...free].sort()]).toEqual([["main"], ["acp", "served"]]);
  expect(accounts).toEqual({ served: ["work"], unserved: ["gone"] });
});

it.each([{ hushed: true }, { afterMinutes: 0 }])("says nothing where %j", async (settings) => {
  const { lab, waiting } = bench(settings);
  waiting.start();
  await lab.queue("t1");
  await lab.clock.advance(60 * minuteMs);
  expect(await lab.sent("t1")).toEqual([]);
  expect(waiting.of("default")).toMatchObject({ chats: 1 });
});

it("queues a turn again whose session went away, and tells so", async () => {
  const waitsAgain: string[] = [];
  let isThere = true;
  const lab: TurnLab = new TurnLab({
    agent: async function* (turn) {
      if (turn.attempt === 1) {
        isThere = false;
        throw new TapbackError("AGENT_DETACHED", "gone");
      }
      yield { type: "text", text: `try ${turn.attempt}` };
    },
    parts: {
      listener: {
        started: () => {},
        ended: ({ id }, end) => void lab.ends.set(id, end),
        waitsAgain: ({ id }) => void waitsAgain.push(id),
      },
      limits: {
        maxConcurrent: () => 1,
        timeoutMs: async () => 1000,
        admit: async () => "runs",
        choice: {
          withEnd: () => false,
          now: async () => ({ held: { agents: isThere ? [] : ["main"], free: [] } }),
        },
      },
    },
  });
  closing.push(() => lab.close());
  lab.runner.start();
  await lab.queue("t1");
  await lab.until(() => waitsAgain.length === 1);
  await lab.until(async () => (await lab.states("t1"))[0] === "queued");
  isThere = true;
  lab.runner.wake();
  await lab.ended("t1");
  expect(await lab.sent("t1")).toEqual(["try 2"]);
});

it("tells who waits long also where timers stood still meanwhile", async () => {
  const { lab, waiting } = bench({ afterMinutes: 60 });
  waiting.start();
  await lab.queue("t1");
  await lab.clock.advance(minuteMs);
  expect(await lab.sent("t1")).toEqual([]);
  lab.clock.leap(60 * minuteMs);
  await lab.clock.advance(minuteMs);
  expect(await lab.sent("t1")).toEqual([words]);
});
