import fc from "fast-check";
import { expect, it } from "vitest";
import type { Claim, ClaimedTurn, OutboxState, Store, TakenItem } from "../../../src/store/index.js";
import { type Bench, dispatch, item, row, turn } from "./bench.js";

/** What a user of the store may do next; numbers choose among what is there. */
type Step =
  | { do: "open"; session: number }
  | { do: "claim"; max: number }
  | { do: "end"; which: number; replies: number; claimNext: boolean; failed: boolean }
  | { do: "release"; which: number }
  | { do: "crash" }
  | { do: "take"; max: number }
  | { do: "settle"; which: number; as: "stored" | "accepted" | "retry" | "not_sent" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("open" as const), session: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("claim" as const), max: fc.integer({ min: 1, max: 3 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      which: fc.nat(9),
      replies: fc.nat(3),
      claimNext: fc.boolean(),
      failed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("release" as const), which: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("take" as const), max: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("settle" as const),
      which: fc.nat(9),
      as: fc.constantFrom("stored" as const, "accepted" as const, "retry" as const, "not_sent" as const),
    }),
  },
);

interface ModelTurn {
  id: string;
  session: number;
  state: "queued" | "running" | "done" | "failed";
}

interface ModelItem {
  turn: string;
  chat: number;
  ordinal: number;
  state: OutboxState;
  accepted: boolean;
}

/** The same in plain lists: turns per session in order, one running; sends per chat in order, one under way. */
class Model {
  turns: ModelTurn[] = [];
  items: ModelItem[] = [];

  ready(): ModelTurn[] {
    const heads = [0, 1, 2].flatMap((session) => {
      const mine = this.turns.filter((one) => one.session === session);
      if (mine.some(({ state }) => state === "running")) return [];
      return mine.find(({ state }) => state === "queued") ?? [];
    });
    return heads.sort((a, b) => this.turns.indexOf(a) - this.turns.indexOf(b));
  }

  /** An accepted send no longer holds up its chat; when it comes back, it waits for the one that is under way since. */
  due(): ModelItem[] {
    const heads = [0, 1, 2].flatMap((chat) => {
      const open = this.items.filter((one) => one.chat === chat && !one.accepted);
      if (open.some(({ state }) => state === "sending")) return [];
      return open.find(({ state }) => state === "pending") ?? [];
    });
    return heads.sort((a, b) => this.items.indexOf(a) - this.items.indexOf(b));
  }
}

/** Plays steps against the store and the model side by side. */
class Play {
  readonly model = new Model();
  #running: ClaimedTurn[] = [];
  #taken: TakenItem[] = [];
  #dead: TakenItem[] = [];
  #node = 1;
  #next = 1;

  constructor(
    private readonly store: Store,
    private claim: Claim,
  ) {}

  async step(next: Step): Promise<void> {
    switch (next.do) {
      case "open":
        return this.#open(next.session);
      case "claim": {
        const expected = this.model.ready().slice(0, next.max);
        const got = await this.store.turns.claim(`node-${this.#node}`, next.max, 1);
        expect(got.map((one) => one.turn.id)).toEqual(expected.map(({ id }) => id));
        this.#began(got);
        return;
      }
      case "end":
        return this.#end(next);
      case "release": {
        const [claimed] = this.#running.splice(next.which % Math.max(1, this.#running.length), 1);
        if (!claimed) return;
        expect(await this.store.turns.release(claimed.claim)).toBe("ok");
        this.#of(claimed.turn.id).state = "queued";
        return;
      }
      case "crash":
        return this.#crash();
      case "take": {
        const expected = this.model.due().slice(0, next.max);
        const got = await this.store.outbox.take(this.claim, next.max, 1);
        expect(got.map((one) => [one.item.turnId, one.item.ordinal])).toEqual(
          expected.map((one) => [one.turn, one.ordinal]),
        );
        for (const one of expected) one.state = "sending";
        this.#taken.push(...got);
        return;
      }
      case "settle":
        return this.#settle(next.which, next.as);
    }
  }

  /** What an observer can see is the same on both sides. */
  async check(): Promise<void> {
    const count = (state: string) => this.model.turns.filter((one) => one.state === state).length;
    expect(await this.store.turns.counts()).toEqual({ queued: count("queued"), running: count("running") });
    const counts = await this.store.outbox.counts("default");
    for (const state of ["pending", "sending", "stored", "not_sent"] as const)
      expect([state, counts[state]]).toEqual([
        state,
        this.model.items.filter((one) => one.state === state).length,
      ]);
    expect((await this.store.outbox.nextDue("default", 1)) !== undefined).toBe(this.model.due().length > 0);
  }

  async #open(session: number): Promise<void> {
    const id = `t${this.#next}`;
    const [entry] = await this.store.journal.admit(this.claim, [row(this.#next++)], "live", 1);
    await this.store.journal.decide(this.claim, entry!, dispatch, 1);
    await this.store.turns.open(this.claim, turn(id, `session-${session}`), [entry!], [], 1);
    this.model.turns.push({ id, session, state: "queued" });
  }

  async #end({ which, replies, claimNext, failed }: Step & { do: "end" }): Promise<void> {
    const [claimed] = this.#running.splice(which % Math.max(1, this.#running.length), 1);
    if (!claimed) return;
    const mine = this.#of(claimed.turn.id);
    const outcome = failed ? "failed" : "done";
    const items = Array.from({ length: replies }, (_, index) => item(`${mine.id}-${index}`, mine.session));
    const { held, next } = await this.store.turns.end(
      claimed.claim,
      { outcome, replies: items },
      1,
      claimNext,
    );
    expect(held).toBe("ok");
    mine.state = outcome;
    for (const ordinal of items.keys())
      this.model.items.push({
        turn: mine.id,
        chat: mine.session,
        ordinal,
        state: "pending",
        accepted: false,
      });
    expect(next?.turn.id).toBe(claimNext ? this.model.ready()[0]?.id : undefined);
    if (next) this.#began([next]);
  }

  async #crash(): Promise<void> {
    const late = this.#running;
    this.#running = [];
    this.#dead = this.#taken.filter(
      ({ item: one }) => this.#itemOf(one.turnId!, one.ordinal).state === "sending",
    );
    this.#taken = [];
    this.claim = (await this.store.accounts.claim("default", `node-${++this.#node}`)).claim;
    for (const one of this.model.turns) if (one.state === "running") one.state = "queued";
    for (const { claim } of late)
      expect((await this.store.turns.end(claim, { outcome: "done", replies: [] }, 1, true)).held).toBe(
        "lost",
      );
    // What the earlier owner had under way is in doubt; all but the accepted ones are looked up and put back here.
    const doubt = await this.store.outbox.reconcilable(this.claim);
    const open = this.#dead.filter(({ item: one }) => !this.#itemOf(one.turnId!, one.ordinal).accepted);
    expect(doubt.map(({ item: one }) => one.id)).toEqual(
      open.map(({ item: one }) => one.id).sort((a, b) => a - b),
    );
    for (const one of doubt) {
      await this.store.outbox.settle(
        one.claim,
        { state: "retry", dueAt: 1, error: { code: "NOT_SENT", message: "x" } },
        1,
      );
      this.#itemOf(one.item.turnId!, one.item.ordinal).state = "pending";
    }
    this.#taken = await this.store.outbox.accepted("default");
  }

  async #settle(which: number, as: "stored" | "accepted" | "retry" | "not_sent"): Promise<void> {
    const [taken] = this.#taken.splice(which % Math.max(1, this.#taken.length), 1);
    if (!taken) return;
    const mine = this.#itemOf(taken.item.turnId!, taken.item.ordinal);
    const error = { code: "NOT_SENT" as const, message: "x" };
    const outcome =
      as === "retry"
        ? { state: as, dueAt: 1, error }
        : as === "not_sent"
          ? { state: as, error }
          : { state: as };
    expect(await this.store.outbox.settle(taken.claim, outcome, 1)).toBe("ok");
    mine.state = as === "retry" ? "pending" : as === "accepted" ? "sending" : as;
    mine.accepted = as === "accepted";
    if (as === "accepted") this.#taken.push(taken);
    if (as !== "not_sent") return;
    for (const later of this.model.items)
      if (later.turn === mine.turn && later.ordinal > mine.ordinal && later.state === "pending")
        later.state = "not_sent";
  }

  #began(claimed: ClaimedTurn[]): void {
    for (const one of claimed) this.#of(one.turn.id).state = "running";
    this.#running.push(...claimed);
  }

  #of(id: string): ModelTurn {
    return this.model.turns.find((one) => one.id === id)!;
  }

  #itemOf(turnId: string, ordinal: number): ModelItem {
    return this.model.items.find((one) => one.turn === turnId && one.ordinal === ordinal)!;
  }
}

/** Random sequences of work on turns and outbox, compared with a model in plain lists. */
export function modelContract(bench: Bench): void {
  it("does with any sequence of steps what plain lists would do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const { store, claim } = await bench.claimed("default", "node-1");
        const play = new Play(store, claim);
        try {
          for (const next of steps) {
            await play.step(next);
            await play.check();
          }
        } finally {
          await bench.clear();
        }
      }),
      { numRuns: 40 },
    );
  });
}
