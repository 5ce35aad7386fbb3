import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { drop, row } from "../../test/contract/store/bench.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { directMessage } from "../../test/support/message.js";
import { SharedStore } from "../../test/support/shared-store.js";
import { turnLabs } from "../../test/support/turn-lab.js";
import type { AgentEvent, AgentTurn } from "../agents/index.js";
import { parseConfig } from "../config/index.js";
import type { NoticeText, OwnerNotices } from "../outbound/index.js";
import type { JournalEntry, TurnError } from "../store/index.js";
import { waitsText } from "./running/steering.js";
import type { TurnAccount } from "./turn-account.js";
import { TurnWork } from "./turn-work.js";

const open = turnLabs();

/** How far the clock of the account's Mac is behind, milliseconds. */
const macBehindMs = 20 * 60_000;

/** Everything that runs turns, with one agent that the test tells what to do. */
async function working(
  run: (turn: AgentTurn, signal: AbortSignal) => AsyncIterable<AgentEvent>,
  {
    imessage = {},
    rest = {},
    own = {},
    bridge,
    secrets = [],
    served,
  }: {
    imessage?: object;
    rest?: object;
    own?: object;
    bridge?: object;
    secrets?: string[];
    /** Accounts that other processes serve, which share the state. */
    served?: string[];
  } = {},
) {
  const lab = open();
  const source = { channels: { imessage }, ...rest };
  const parsed = await parseConfig(JSON.stringify(source), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const told: { account: string; notice: NoticeText; except: string | undefined }[] = [];
  const atWork = { now: true };
  const heard: [string, string, TurnError | undefined][] = [];
  const { log, lines } = rememberingLog();
  const account = {
    settings: {
      ...{ region: "US", mediaMaxMb: 1, streaming: "final", maxBubbles: 9, textChunkLimit: 4000 },
      ...{ review: "off", dms: {}, groups: {} },
      ...{ chunkMode: "length", handoff: { quietMinutes: 0 }, outbound: { ttlMinutes: 60, quietHours: "" } },
      ...own,
    },
    ...(bridge && { bridge }),
    turnStarted: ({ id }: { id: string }) => void heard.push(["started", id, undefined]),
    turnEnded: ({ id }: { id: string }, { error }: { error?: TurnError }) =>
      void heard.push(["ended", id, error]),
    isRetried: async () => false,
    showsBubble: () => false,
    writtenAt: ({ sentAt, receivedAt }: { sentAt: number; receivedAt: number }) =>
      Math.min(sentAt + macBehindMs, receivedAt),
  } as unknown as TurnAccount;
  const work = new TurnWork(
    {
      store: served ? new SharedStore(lab.store).store : lab.store,
      ...{ clock: lab.clock, log, config: () => config },
      surroundings: {
        env: {},
        home: lab.folder,
        random: () => 0.5,
        stateDir: lab.folder,
        secrets,
        node: "node",
      } as never,
      program: undefined,
      accountOf: (id) => (id === "default" && atWork.now ? account : undefined),
      notices: {
        tell: (of: string, notice: NoticeText, _chatKey: string, except?: string) =>
          void told.push({ account: of, notice, except }),
      } as unknown as OwnerNotices,
    },
    0,
    async () => ({ run, reset: async () => {}, close: async () => {} }),
    () => served && { served, unserved: [] },
  );
  const stop = async () => {
    let isOver = false;
    void work.stop(0).then(() => {
      isOver = true;
    });
    await lab.until(() => isOver);
  };
  const ended = (id: string) => lab.until(() => heard.some(([what, of]) => what === "ended" && of === id));
  return { lab, work, told, heard, lines, stop, ended, atWork };
}

async function* saying(text: string): AsyncGenerator<AgentEvent> {
  yield { type: "text", text };
}

describe("the work of turns", () => {
  it("runs what waits, and tells the turn's account of its beginning and end", async () => {
    const { lab, work, heard, ended, stop, told } = await working(({ envelope }) =>
      saying(`to ${envelope.text}`),
    );
    await lab.queue("t");
    await lab.queue("elsewhere", { account: "work", session: "w" });
    await work.start();
    await ended("t");
    await lab.until(async () => (await lab.states("elsewhere"))[0] === "done");
    expect(await lab.sent("t", "elsewhere")).toEqual(["to t", "to elsewhere"]);
    expect(heard).toEqual([
      ["started", "t", undefined],
      ["ended", "t", undefined],
    ]);
    expect(told).toEqual([]);
    await stop();
  });

  it("leaves what other processes run: turns of their accounts, and of agents that are left to workers", async () => {
    const list = [
      { id: "main", default: true },
      { id: "far", runsOn: "workers" },
    ];
    const rest = { agents: { list }, store: { url: "postgres://db.example.com/tapback" } };
    const { lab, work, ended, stop } = await working(() => saying("done"), { rest, served: ["work"] });
    await lab.queue("theirs", { account: "work", session: "w" });
    await lab.queue("far", { agentId: "far", session: "f" });
    await lab.queue("own");
    await work.start();
    await ended("own");
    await lab.clock.advance(5000);
    expect(await lab.states("theirs", "far", "own")).toEqual(["queued", "queued", "done"]);
    await stop();
  });

  it("tells an owner of a turn that failed, but not who reads it in the answer anyway (behaviour 6.2)", async () => {
    const { lab, work, ended, stop, told, lines } = await working(() => {
      throw new Error("no key");
    });
    await lab.queue("guest", { session: "g" });
    await lab.queue("owner", { session: "o", isOwner: true });
    await work.start();
    await ended("guest");
    await ended("owner");
    await lab.until(() => told.length === 2);
    const byExcept = told.map(({ account, notice, except }) => [account, notice.kind, notice.cause, except]);
    expect(byExcept).toContainEqual(["default", "turn_failed", "AGENT_FAILED", undefined]);
    expect(byExcept).toContainEqual(["default", "turn_failed", "AGENT_FAILED", "+15550100123"]);
    expect(lines.filter((line) => line === "error: turn failed: no key")).toHaveLength(2);
    await stop();
  });

  it("takes the time limit of the session where it has one, else that of the configuration", async () => {
    const rest = { agents: { defaults: { timeoutSeconds: 100 } } };
    const { lab, work, heard, stop } = await working(
      async function* (_turn, signal) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        yield* saying("late");
      },
      { rest },
    );
    await lab.store.bindings.setSettings("short", { timeoutSeconds: 10 });
    await lab.queue("short", { session: "short" });
    await lab.queue("long", { session: "long" });
    const at = lab.clock.now();
    const endedAt: Record<string, number> = {};
    await work.start();
    await lab.until(() => {
      for (const [what, id] of heard) if (what === "ended") endedAt[id] ??= lab.clock.now() - at;
      return Object.keys(endedAt).length === 2;
    });
    expect(endedAt).toEqual({ short: 10_000, long: 100_000 });
    await stop();
  });

  it("runs no more at once than the configuration has it", async () => {
    const rest = { agents: { defaults: { maxConcurrent: 1 } } };
    let running = 0;
    let most = 0;
    const { lab, work, ended, stop } = await working(
      async function* () {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        yield* saying("x");
      },
      { rest },
    );
    for (const id of ["a", "b", "c"]) await lab.queue(id, { session: id });
    await work.start();
    for (const id of ["a", "b", "c"]) await ended(id);
    expect(most).toBe(1);
    await stop();
  });

  it("ends what runs for a newer message in queue mode interrupt, and only there", async () => {
    const hold = async function* (turn: AgentTurn, signal: AbortSignal): AsyncGenerator<AgentEvent> {
      if (turn.envelope.turnId.startsWith("new")) return yield* saying("new");
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
    const { lab, work, ended, stop } = await working(hold);
    await lab.queue("old", { session: "a" });
    await lab.queue("other", { session: "b", chatId: 8 });
    await work.start();
    await lab.until(async () => (await lab.states("old", "other")).every((state) => state === "running"));
    await lab.queue("new", { session: "a" });
    const newer = { turnId: "new", sessionKey: "a", account: "default", chat: "chat_id:7" };
    work.opened(newer, { queueMode: "followup" });
    await lab.clock.advance(1);
    expect(await lab.states("old", "new")).toEqual(["running", "queued"]);
    work.opened(newer, { queueMode: "interrupt" });
    await ended("new");
    expect(await lab.states("old", "new", "other")).toEqual(["cancelled", "done", "running"]);
    expect((await work.cancel("b")).map(({ id }) => id)).toEqual(["other"]);
    await ended("other");
    await stop();
  });

  it("closes at its start what an earlier process asked", async () => {
    const { lab, work, stop } = await working(() => saying("x"));
    const question = {
      id: "abcd",
      account: "default",
      turnId: "t",
      sessionKey: "s",
      kind: "permission" as const,
      title: "x",
      options: [],
    };
    await lab.store.questions.ask({ ...question, askedAt: 1, expiresAt: 9e12 }, []);
    await work.start();
    expect((await lab.store.questions.get("abcd"))?.state).toBe("closed");
    await stop();
  });

  it("stops once what runs has ended, and leaves nothing that would go off later", async () => {
    let go: (() => void) | undefined;
    const { lab, work } = await working(async function* () {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield* saying("late");
    });
    await lab.queue("t");
    await work.start();
    await lab.until(() => go !== undefined);
    let isOver = false;
    void work.stop(60_000).then(() => {
      isOver = true;
    });
    await lab.clock.advance(1000);
    expect(isOver).toBe(false);
    go!();
    await lab.until(() => isOver);
    expect([await lab.states("t"), await lab.sent("t"), lab.clock.waiting]).toEqual([["done"], ["late"], 0]);
  });

  it("keeps what the gateway knows to itself where an agent fails over it", async () => {
    const { lab, work, ended, stop, lines } = await working(
      () => {
        throw new Error("refused the key s3cret-0123456789");
      },
      { secrets: ["s3cret-0123456789"] },
    );
    await lab.queue("t");
    await work.start();
    await ended("t");
    const { error } = (await lab.store.turns.get("t"))!;
    expect(error?.message).toMatch(/^refused the key \S+$/);
    for (const text of [JSON.stringify(error), ...lines]) expect(text).not.toContain("s3cret-0123456789");
    await stop();
  });

  it("tells an owner that a message waits in queue mode steer, and only there", async () => {
    const { lab, work, stop } = await working(async function* (_turn, signal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    await lab.queue("t", { session: "a", isOwner: true });
    await work.start();
    await lab.until(async () => (await lab.states("t"))[0] === "running");
    const said = async () => (await lab.store.outbox.list({ limit: 9 })).map(({ text }) => text);
    for (const [turnId, queueMode] of [
      ["next", "followup"],
      ["last", "steer"],
    ] as const) {
      await lab.queue(turnId, { session: "a", isOwner: true });
      work.opened({ turnId, sessionKey: "a", account: "default", chat: "chat_id:7" }, { queueMode });
      await lab.clock.advance(1);
      expect(await said()).toEqual(queueMode === "steer" ? [waitsText] : []);
    }
    await work.cancel("a");
    await stop();
  });

  it("opens files of messages for accounts that are at work, by what they take in", async () => {
    const bridge = { state: "live", history: async () => [] };
    const { work, atWork } = await working(() => saying("x"), { own: { includeAttachments: false }, bridge });
    const entry = (account: string) => ({ account, row: directMessage() }) as unknown as JournalEntry;
    await expect(work.attachment(entry("default"), 0)).rejects.toMatchObject({ code: "MEDIA_OFF" });
    await expect(work.attachment(entry("work"), 0)).rejects.toMatchObject({ code: "ACCOUNT_STOPPED" });
    atWork.now = false;
    await expect(work.attachment(entry("default"), 0)).rejects.toMatchObject({ code: "ACCOUNT_STOPPED" });
    const other = await working(() => saying("x"));
    await expect(other.work.attachment(entry("default"), 0)).rejects.toMatchObject({
      code: "ACCOUNT_STOPPED",
    });
  });
});

describe("what goes on beside the turns", () => {
  const minuteMs = 60_000;
  const owner = "+15550100001";
  const chat = { target: { kind: "chat_id" as const, chatId: 7 }, chatKey: "chat:7" };
  const schedule = (id: string, dueAt: number) => ({
    ...{ id, account: "default", sessionKey: "s", dueAt, createdAt: 1 },
    item: { ...chat, origin: "schedule" as const, text: `text of ${id}` },
  });

  it("removes what an earlier process left, and nothing of a turn that waits", async () => {
    const { lab, work, stop } = await working(async function* (_turn, signal) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    await lab.queue("waits");
    for (const id of ["waits", "gone"]) mkdirSync(join(lab.folder, "turns", id), { recursive: true });
    await work.start();
    expect(readdirSync(join(lab.folder, "turns"))).toEqual(["waits"]);
    await work.cancel("s");
    await stop();
  });

  it("sends what was scheduled as late as a message of its account may be, and no later", async () => {
    const rest = { commands: { ownerAllowFrom: [owner] } };
    const { lab, work, stop } = await working(() => saying("x"), { rest });
    const now = lab.clock.now();
    await lab.store.schedule.add(schedule("late", now - 60 * minuteMs));
    await lab.store.schedule.add(schedule("lost", now - 60 * minuteMs - 1));
    await work.start();
    await lab.until(async () => (await lab.store.outbox.list({ limit: 9 })).length === 2);
    const all = await lab.store.outbox.list({ limit: 9 });
    expect(all.find(({ chatKey }) => chatKey === "chat:7")?.text).toBe("text of late");
    expect(all.find(({ chatKey }) => chatKey === `handle:${owner}`)?.text).toMatch(/not sent: text of lost/);
    await stop();
  });

  it("keeps what was scheduled for the end of quiet hours, and until its account is at work", async () => {
    const quiet = { outbound: { ttlMinutes: 60, quietHours: "00:00-23:59" } };
    for (const own of [quiet, {}]) {
      const { lab, work, stop, atWork } = await working(() => saying("x"), { own });
      atWork.now = own === quiet;
      await lab.store.schedule.add(schedule("due", lab.clock.now()));
      await work.start();
      await lab.clock.advance(1000);
      expect(await lab.store.outbox.list({ limit: 9 })).toEqual([]);
      atWork.now = true;
      work.accountsChanged();
      await lab.clock.advance(1000);
      const sent = (await lab.store.outbox.list({ limit: 9 })).map(({ text }) => text);
      expect(sent).toEqual(own === quiet ? [] : ["text of due"]);
      await stop();
    }
  });

  it("counts a vote that fell due while nothing ran, and ends a draft in its time", async () => {
    const { lab, work, stop } = await working(() => saying("x"));
    const { store, clock } = lab;
    const at = clock.now();
    const question = {
      ...{ id: "abcd", account: "default", turnId: "t", sessionKey: "s", kind: "ask" as const, title: "x" },
      ...{ options: [{ id: "1", name: "A", kind: "choice" as const }], askedAt: at, expiresAt: at + 9e9 },
    };
    await store.questions.ask(question, []);
    await store.questions.vote("abcd", { option: "1", by: owner, chat }, at - 1);
    await store.drafts.open(
      {
        ...{ id: "k7ab", account: "default", madeBy: "schedule s", agentId: "main", to: "Mia" },
        ...{ ...chat, approves: false },
      },
      at,
    );
    const held = { ...chat, origin: "schedule" as const, text: "words", draft: "k7ab" };
    const holds = [{ id: "k7ab", expiresAt: at + 5000, title: "To Mia: words", asked: [] }];
    await store.schedule.add(schedule("s", at + 9e9));
    await store.schedule.hand(schedule("s", at + 9e9), { items: [held], holds }, at);
    await work.start();
    await lab.until(async () => (await store.questions.get("abcd"))?.state === "answered");
    await clock.advance(4999 - (clock.now() - at));
    expect((await store.drafts.get("k7ab"))?.state).toBe("held");
    await clock.advance(1);
    await lab.until(async () => (await store.drafts.get("k7ab"))?.state === "expired");
    await stop();
  });

  it.each<[string, number | undefined, number, boolean]>([
    ["nobody wrote by hand", undefined, 5, true],
    ["somebody wrote by hand just long enough ago", 0, 5, true],
    ["somebody wrote by hand since", 1, 5, false],
    ["that counts for nothing", 1, 0, true],
  ])(
    "says that a message waits for a session where %s (behaviour 10.4, 20.4)",
    async (_, byHandMs, quietMinutes, isSaid) => {
      const runtime = { type: "channel", waitingAfterMinutes: 5, waitingReply: "It waits." };
      const rest = { agents: { list: [{ id: "main", runtime }] } };
      const { lab, work, stop } = await working(() => saying("x"), {
        rest,
        own: { handoff: { quietMinutes } },
      });
      const { store, clock } = lab;
      const at = clock.now();
      await lab.queue("t", { session: "a" });
      await lab.queue("beside", { session: "b", chatId: 8 });
      if (byHandMs !== undefined) {
        const { claim } = await store.accounts.claim("default", "node");
        const written = row(9, { fromMe: true, sentAt: at + byHandMs - macBehindMs });
        const [id] = await store.journal.admit(claim, [written], "live", at + byHandMs);
        await store.journal.decide(claim, id!, { ...drop, reason: "own_message" }, at);
      }
      await work.start();
      await clock.advance(5 * minuteMs - 1);
      expect(await lab.sent("t", "beside")).toEqual([]);
      await lab.until(async () => (await lab.sent("beside")).length === 1);
      await clock.advance(1000);
      expect(await lab.sent("t")).toEqual(isSaid ? ["It waits."] : []);
      await stop();
    },
  );
});
