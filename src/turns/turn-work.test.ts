import { describe, expect, it } from "vitest";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { turnLabs } from "../../test/support/turn-lab.js";
import type { AgentEvent, AgentTurn } from "../agents/index.js";
import { parseConfig } from "../config/index.js";
import type { NoticeText, OwnerNotices } from "../outbound/index.js";
import type { TurnError } from "../store/index.js";
import type { TurnAccount } from "./turn-account.js";
import { TurnWork } from "./turn-work.js";

const open = turnLabs();

/** Everything that runs turns, with one agent that the test tells what to do. */
async function working(
  run: (turn: AgentTurn, signal: AbortSignal) => AsyncIterable<AgentEvent>,
  { imessage = {}, rest = {} }: { imessage?: object; rest?: object } = {},
) {
  const lab = open();
  const source = { channels: { imessage }, ...rest };
  const parsed = await parseConfig(JSON.stringify(source), {});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const told: { account: string; notice: NoticeText; except: string | undefined }[] = [];
  const heard: [string, string, TurnError | undefined][] = [];
  const { log, lines } = rememberingLog();
  const account = {
    settings: {
      ...{ region: "US", mediaMaxMb: 1, streaming: "final", maxBubbles: 9, textChunkLimit: 4000 },
      ...{ review: "off", dms: {}, groups: {} },
      ...{ chunkMode: "length", handoff: { quietMinutes: 0 }, outbound: { ttlMinutes: 60, quietHours: "" } },
    },
    turnStarted: ({ id }: { id: string }) => void heard.push(["started", id, undefined]),
    turnEnded: ({ id }: { id: string }, { error }: { error?: TurnError }) =>
      void heard.push(["ended", id, error]),
    isRetried: async () => false,
    showsBubble: () => false,
  } as unknown as TurnAccount;
  const work = new TurnWork(
    {
      ...{ store: lab.store, clock: lab.clock, log, config: () => config },
      surroundings: {
        env: {},
        home: lab.folder,
        random: () => 0.5,
        stateDir: lab.folder,
        secrets: [],
        node: "node",
      } as never,
      program: undefined,
      accountOf: (id) => (id === "default" ? account : undefined),
      notices: {
        tell: (of: string, notice: NoticeText, _chatKey: string, except?: string) =>
          void told.push({ account: of, notice, except }),
      } as unknown as OwnerNotices,
    },
    0,
    async () => ({ run, reset: async () => {}, close: async () => {} }),
  );
  const stop = async () => {
    let isOver = false;
    void work.stop(0).then(() => {
      isOver = true;
    });
    await lab.until(() => isOver);
  };
  const ended = (id: string) => lab.until(() => heard.some(([what, of]) => what === "ended" && of === id));
  return { lab, work, told, heard, lines, stop, ended };
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
});
