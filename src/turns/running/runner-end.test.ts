import { describe, expect, it } from "vitest";
import { storeWith } from "../../../test/support/store-with.js";
import { held, saying, type TurnLab, turnLabs, unheld } from "../../../test/support/turn-lab.js";
import type { AgentEvent, AgentTurn } from "../../agents/index.js";
import { TapbackError } from "../../platform/index.js";
import type { TurnParts } from "./parts.js";

const open = turnLabs();

async function ran(lab: TurnLab, ...ids: string[]): Promise<void> {
  for (const id of ids) await lab.queue(id);
  lab.runner.start();
  await lab.ended(...ids);
}

describe("a turn that is done", () => {
  it("stores its answer, its session, its notes and what it cost, and tells the next turn what is left to tell", async () => {
    const lab = open({
      agent: async function* (turn) {
        yield { type: "note", text: "has a secret" };
        yield { type: "usage", model: "m", inputTokens: 1, outputTokens: 2, cachedInputTokens: 3 };
        yield { type: "usage", model: "m", inputTokens: 10, outputTokens: 20, cachedInputTokens: 30 };
        yield { type: "session", session: { turns: turn.session === undefined ? 1 : 2 } };
        yield { type: "text", text: `one ${turn.envelope.notes.join()}` };
        yield { type: "text", text: "two" };
      },
      parts: {
        preparation: {
          refresh: async ({ envelope }) => ({ ...envelope, notes: ["a note"] }),
          ready: async ({ envelope }) => ({ envelope, notes: ["a file is missing"] }),
        },
        composer: {
          ...unheld,
          streaming: () => ({ mode: "final", maxBubbles: 9 }),
          compose: async ({ target, chatKey }, blocks) => ({
            messages: blocks.map(({ text }) => ({ target, chatKey, origin: "turn", text })),
            notes: ["it was cut"],
            tellNext: "You were cut.",
          }),
        },
      },
    });
    await ran(lab, "t1", "t2", "t3");
    const stored = await lab.store.turns.get("t1");
    expect(stored).toMatchObject({
      state: "done",
      notes: ["a file is missing", "has a ***", "it was cut"],
      usage: [{ model: "m", inputTokens: 11, outputTokens: 22, cachedInputTokens: 33 }],
    });
    expect(await lab.sent("t1", "t2")).toEqual(["one a note", "two", "one a note,You were cut.", "two"]);
    expect(await lab.sent("t3")).toEqual(["one a note,You were cut.", "two"]);
    expect(lab.asked.get("t2")).toMatchObject({ session: { turns: 1 }, attempt: 1 });
    expect(lab.ends.get("t2")?.session).toEqual({ turns: 2 });
    expect(lab.givenBack).toEqual(["t1", "t2", "t3"]);
    expect(lab.unequipped).toEqual(["t1", "t2", "t3"]);
    expect(lab.lines).toEqual([]);
    // Nothing of it is left to go off: no warning, no limit, no sign.
    expect(lab.clock.waiting).toBe(0);
  });

  it("sends blocks as they come, and the rest at the end in their order (behaviour 6.3)", async () => {
    const lab = open({
      agent: () => saying("1", "2", "3", "4"),
      streaming: { mode: "block", maxBubbles: 3 },
    });
    await ran(lab, "t");
    expect(await lab.sent("t")).toEqual(["1", "2", "3", "4"]);
    expect((await lab.store.outbox.ofTurn("t")).map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3]);
    expect(lab.composed.map(({ how }) => how)).toMatchObject([
      { failed: false, sent: 0 },
      { failed: false, sent: 1 },
      { failed: false, sent: 2 },
    ]);
  });

  it("is marked before a long answer is worked on, and only then", async () => {
    const marked: string[] = [];
    const lab = open({
      agent: ({ envelope }) => saying("x".repeat(envelope.turnId === "long" ? 20_001 : 20_000)),
      over: (store) =>
        storeWith(store, {
          turns: {
            markAtRisk: async (claim) => {
              marked.push(claim.id);
              return store.turns.markAtRisk(claim);
            },
          },
        }),
    });
    await ran(lab, "short", "long");
    expect(marked).toEqual(["long"]);
  });

  it("is named in the log while it takes long, again and again", async () => {
    const lab = open({ agent: held });
    await lab.queue("t");
    lab.runner.start();
    await lab.until(() => lab.asked.has("t"));
    await lab.clock.advance(61_000);
    expect(lab.lines).toEqual([
      "warn: a turn has been running for 30 s",
      "warn: a turn has been running for 60 s",
    ]);
    await lab.clock.advance(540_000);
    expect(lab.lines.at(-1)).toBe("warn: a turn has been running for 600 s");
    lab.go("t");
    await lab.ended("t");
    await lab.clock.advance(61_000);
    expect(lab.lines).toHaveLength(20);
  });
});

describe("an agent that ends at a limit of its own", () => {
  const limited = (...texts: string[]) =>
    async function* (): AsyncGenerator<AgentEvent> {
      for (const text of texts) yield { type: "text", text };
      yield { type: "note", text: "it stopped early: its secret steps", isLimit: true };
    };

  it("has failed without an answer (behaviour 6.2)", async () => {
    const lab = open({ agent: limited() });
    await ran(lab, "t");
    const error = {
      code: "AGENT_LIMIT",
      message: "agent main gave no answer: it stopped early: its *** steps",
    };
    expect(await lab.store.turns.get("t")).toMatchObject({ state: "failed", error });
  });

  it("is done with what it said, all at once or block by block", async () => {
    for (const mode of ["final", "block"] as const) {
      const lab = open({ agent: limited("half of it"), streaming: { mode, maxBubbles: 3 } });
      await ran(lab, "t");
      expect(await lab.states("t")).toEqual(["done"]);
      expect(await lab.sent("t")).toEqual(["half of it"]);
    }
  });

  it("is done with what it did in a chat, and not with what failed there", async () => {
    const lab = open({
      agent: async function* ({ envelope: { turnId } }) {
        const { actions } = lab.store;
        const name = "react";
        const action = { account: "default", turnId, chat: "chat_id:7", name, parameters: {} };
        const { id } = await actions.begin(action, 0, [], 1);
        await actions.end(id, { state: turnId === "did" ? "done" : "failed" }, 2);
        yield* limited()();
      },
    });
    await ran(lab, "did", "tried");
    expect(await lab.states("did", "tried")).toEqual(["done", "failed"]);
  });
});

describe("a turn with nothing to answer", () => {
  it("ends at once, and its agent never hears of it", async () => {
    const ready = async () => {
      throw new Error("no files are made ready");
    };
    const lab = open({ parts: { preparation: { refresh: async () => undefined, ready } } });
    await ran(lab, "t");
    expect(await lab.states("t")).toEqual(["cancelled"]);
    expect(lab.asked.size).toBe(0);
    expect(await lab.sent("t")).toEqual([]);
    expect(lab.ends.get("t")).toMatchObject({ outcome: "cancelled", replies: [], notes: [] });
  });

  it.each([
    ["it was made ready", "ready"],
    ["its agent was lent", "lend"],
  ])("is not handed to its agent when it was stopped while %s", async (_, step) => {
    const stopped = async (at: string, { id, sessionKey }: { id: string; sessionKey: string }) => {
      if (at === step && id === "t") await lab.runner.cancel(sessionKey);
    };
    const ran: string[] = [];
    const run = ({ envelope }: AgentTurn) => {
      ran.push(envelope.turnId);
      return saying("heard");
    };
    const agent = { run, reset: async () => {}, close: async () => {} };
    const parts: Partial<TurnParts> = {
      preparation: {
        refresh: async ({ envelope }) => envelope,
        ready: async (turn) => {
          await stopped("ready", turn);
          return { envelope: turn.envelope, notes: [] };
        },
      },
      agents: {
        lend: async (turn) => {
          await stopped("lend", turn);
          return { agent, giveBack: () => lab.givenBack.push(turn.id) };
        },
      },
    };
    const lab = open({ parts });
    for (const id of ["t", "neighbour"]) await lab.queue(id, { session: id });
    lab.runner.start();
    await lab.ended("t", "neighbour");
    expect([ran, await lab.states("t", "neighbour")]).toEqual([["neighbour"], ["cancelled", "done"]]);
    expect(lab.givenBack).toContain("t");
    expect(lab.clock.waiting).toBe(0);
  });

  it("stores nothing of an answer that was stopped while it was composed", async () => {
    const parts: Partial<TurnParts> = {
      composer: {
        ...unheld,
        streaming: () => ({ mode: "final", maxBubbles: 9 }),
        compose: async ({ target, chatKey, sessionKey }) => {
          await lab.runner.cancel(sessionKey);
          return { messages: [{ target, chatKey, origin: "turn", text: "too late" }], notes: [] };
        },
      },
    };
    const lab = open({ parts });
    await ran(lab, "t");
    expect(await lab.states("t")).toEqual(["cancelled"]);
    expect(await lab.sent("t")).toEqual([]);
  });
});

describe("a turn that fails", () => {
  const failure = new TapbackError("AGENT_FAILED", "no key", {
    hint: "Log in.",
    cause: "a secret of theirs",
  });

  it("says so in one neutral line, and keeps why, and what the session knows", async () => {
    const lab = open({
      agent: async function* () {
        yield { type: "session", session: 7 };
        yield { type: "text", text: "half an answer" };
        throw failure;
      },
    });
    await ran(lab, "t1", "t2");
    const error = { code: "AGENT_FAILED", message: "no key", hint: "Log in.", cause: "a *** of theirs" };
    expect(await lab.store.turns.get("t1")).toMatchObject({ state: "failed", error });
    expect(lab.ends.get("t1")).toMatchObject({ outcome: "failed", firstOrdinal: 0, session: 7 });
    expect(await lab.sent("t1")).toEqual(["Sorry."]);
    expect(lab.composed[0]).toEqual({ blocks: [], how: { failed: true, error, sent: 0 } });
    expect(lab.asked.get("t2")?.session).toBe(7);
    expect(lab.givenBack).toEqual(["t1", "t2"]);
    expect(lab.unequipped).toEqual(["t1", "t2"]);
    expect(lab.heard).toEqual(["started t1", "failed t1", "started t2", "failed t2"]);
    expect(lab.clock.waiting).toBe(0);
  });

  it("says it behind what went out of the answer already", async () => {
    const lab = open({
      agent: async function* () {
        yield { type: "text", text: "one" };
        throw failure;
      },
      streaming: { mode: "block", maxBubbles: 9 },
    });
    await ran(lab, "t");
    expect(await lab.sent("t")).toEqual(["one", "Sorry."]);
    expect(lab.ends.get("t")?.firstOrdinal).toBe(1);
  });

  it("ends also when nobody can be told", async () => {
    const lab = open({
      agent: () => {
        throw failure;
      },
      parts: {
        composer: {
          ...unheld,
          streaming: () => ({ mode: "final", maxBubbles: 9 }),
          compose: async () => {
            throw new Error("no disk");
          },
        },
      },
    });
    await ran(lab, "t");
    expect(await lab.states("t")).toEqual(["failed"]);
    expect(await lab.sent("t")).toEqual([]);
    expect(lab.lines).toEqual(["error: nobody is told of a failed turn: no disk"]);
  });

  it("fails when it cannot get an agent", async () => {
    const lend = async () => {
      throw new TapbackError("AGENT_UNKNOWN", "there is no agent main");
    };
    const lab = open({ parts: { agents: { lend } } });
    await ran(lab, "t");
    expect(await lab.store.turns.get("t")).toMatchObject({
      state: "failed",
      error: { code: "AGENT_UNKNOWN" },
    });
    expect(lab.runner.running).toBe(0);
  });

  it("is stopped when its time is up", async () => {
    const lab = open({ agent: held, timeoutMs: 90_000 });
    await lab.queue("t");
    lab.runner.start();
    await lab.until(() => lab.asked.has("t"));
    await lab.clock.advance(89_999);
    expect(lab.ends.size).toBe(0);
    await lab.clock.advance(1);
    await lab.ended("t");
    expect(lab.ends.get("t")).toMatchObject({
      outcome: "failed",
      error: { code: "AGENT_TIMEOUT", message: "agent main did not finish within 90 s" },
    });
    expect(await lab.sent("t")).toEqual(["Sorry."]);
  });

  it("is not run a third time when the process died over it twice", async () => {
    const lab = open();
    for (const id of ["t", "neighbour"]) await lab.queue(id, { session: id });
    for (const node of ["node-1", "node-2"]) {
      const [running] = await lab.store.turns.claim(node, 1, lab.clock.now());
      await lab.store.turns.markAtRisk(running!.claim);
      await lab.store.accounts.claim("default", `after ${node}`);
    }
    lab.runner.start();
    await lab.ended("t", "neighbour");
    expect(lab.ends.get("t")).toMatchObject({ outcome: "failed", error: { code: "TURN_CRASHED" } });
    expect(lab.ends.get("t")?.error?.message).toBe(
      "the gateway ended 2 times over the long answer of this turn",
    );
    expect([...lab.asked.keys()]).toEqual(["neighbour"]);
  });
});

describe("an end that cannot be stored", () => {
  const refusing = (error: unknown, times = 1) => {
    let left = times;
    const lab: TurnLab = open({
      over: (store) =>
        storeWith(store, {
          turns: {
            end: async (...given) => {
              if (left-- > 0) throw error;
              return store.turns.end(...given);
            },
          },
        }),
    });
    return lab;
  };

  it("does not hold its session up: the turn ends without its answer", async () => {
    const lab = refusing(new Error("too large, secret"));
    await ran(lab, "t1", "t2");
    expect(await lab.store.turns.get("t1")).toMatchObject({
      state: "failed",
      error: { code: "AGENT_FAILED", message: "too large, ***" },
    });
    expect(await lab.sent("t1", "t2")).toEqual(["answer to t2"]);
    expect(lab.lines).toEqual(["error: the answer of a turn cannot be stored: too large, secret"]);
  });

  it("is kept for the next start when the store is gone", async () => {
    const lab = refusing(new TapbackError("STORE_UNAVAILABLE", "the disk is full"));
    await lab.queue("t1");
    lab.runner.start();
    await lab.until(() => lab.lines.length > 0);
    expect(lab.lines).toEqual(["error: a turn's end could not be stored; it runs again after a restart"]);
    await lab.until(() => lab.runner.running === 0);
    expect(await lab.states("t1")).toEqual(["running"]);
    expect(lab.heard).toEqual(["started t1"]);
    // Others go on.
    await lab.queue("other", { session: "other" });
    await lab.ended("other");
  });
});
