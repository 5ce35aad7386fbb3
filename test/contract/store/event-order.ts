import fc from "fast-check";
import { expect, it } from "vitest";
import type { KeptEvent, Store } from "../../../src/store/index.js";
import { type Bench, dispatch, item, row, turn } from "./bench.js";

const all = { limit: 1000 };

/** Events as several readers are told them while several processes write (behaviour 20.1a). */
export function eventOrderContract(bench: Bench): void {
  it("tells every reader each event once, in the order of commits, however calls and processes interleave", async () => {
    const step = fc.record({
      do: fc.constantFrom("admit", "decide", "open", "claim", "end", "take", "settle", "read"),
      by: fc.nat(1),
      which: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 12 }), async (rounds) => {
        const play = await Play.begin(bench);
        try {
          // What stands in one round is called at once, on two stores.
          for (const round of rounds) await Promise.all(round.map((each) => play.step(each)));
          await play.judge();
        } finally {
          await bench.clear();
        }
      }),
      { numRuns: 25 },
    );
  });
}

interface Step {
  do: string;
  by: number;
  which: number;
}

/** Two processes at work on a state, and two readers that look now and then. */
class Play {
  readonly #seen: { cursor: number; ids: number[] }[];
  readonly #done: string[] = [];
  #rowId = 0;

  private constructor(
    private readonly stores: Store[],
    private readonly claim: Awaited<ReturnType<Bench["claimed"]>>["claim"],
    private readonly from: number,
  ) {
    this.#seen = [0, 1].map(() => ({ cursor: from, ids: [] }));
  }

  static async begin(bench: Bench): Promise<Play> {
    const { store, claim } = await bench.claimed();
    const { cursor } = await store.events.follow("reader", 1);
    return new Play([store, bench.store()], claim, cursor);
  }

  async step({ do: what, by, which }: Step): Promise<void> {
    const store = this.stores[by]!;
    const pick = <T>(list: T[]): T | undefined => list[which % Math.max(1, list.length)];
    switch (what) {
      case "admit": {
        await store.journal.admit(this.claim, [row(++this.#rowId)], "live", 1);
        this.#done.push("message");
        return;
      }
      case "decide": {
        const entry = pick(await store.journal.list({ state: "new", limit: 9 }));
        if (entry && (await store.journal.decide(this.claim, entry.id, dispatch, 1)) === "ok")
          this.#done.push(`decision ${entry.id}`);
        return;
      }
      case "open": {
        const entry = pick(await store.journal.list({ state: "decided", limit: 9 }));
        if (entry)
          await store.turns.open(this.claim, turn(`t${entry.id}`, `s${entry.id}`), [entry.id], [], 1);
        return;
      }
      case "claim": {
        for (const { turn: began } of await store.turns.claim("node-1", 1, 1))
          this.#done.push(`started ${began.id}`);
        return;
      }
      case "end": {
        const id = pick(this.#done.filter((each) => each.startsWith("started ")))?.slice(8);
        const claim = { kind: "turn" as const, id: String(id), owner: "node-1", fence: 1, attempt: 1 };
        if (id !== undefined && (await store.turns.get(id))?.state === "running")
          await store.turns.end(claim, { outcome: "done", replies: [item(id, which)] }, 1, false);
        return;
      }
      case "take":
        await store.outbox.take(this.claim, 1, 1);
        return;
      case "settle": {
        const sending = pick(await store.outbox.list({ states: ["sending"], limit: 9 }));
        const claim = {
          kind: "send" as const,
          id: String(sending?.id),
          owner: "",
          fence: this.claim.fence,
          attempt: 1,
        };
        if (sending) await store.outbox.settle(claim, { state: "stored" }, 1);
        return;
      }
      default:
        await this.#read(which % 2, by, 1 + which);
    }
  }

  async judge(): Promise<void> {
    const [store] = this.stores as [Store];
    const { events } = await store.events.after(this.from, all);
    for (const reader of [0, 1]) {
      await this.#read(reader, reader, 1000);
      expect(this.#seen[reader]!.ids).toEqual(events.map(({ id }) => id));
    }
    // As many of each kind as the state says that there were changes, each after what it follows from.
    const entries = await store.journal.list({ limit: 1000 });
    const sent = (await store.outbox.list({ limit: 1000 })).filter(({ state }) => state === "stored");
    const isOf = (about: KeptEvent["about"], id: number) =>
      about && "row" in about ? about.id === id : about && "sessionKey" in about && about.id === `t${id}`;
    const ended = await Promise.all(entries.map(({ id }) => store.turns.get(`t${id}`)));
    const of = (type: string, state?: string) =>
      events.filter(
        ({ type: is, facts }) => is === type && (!state || ("state" in facts && facts.state === state)),
      );
    const started = new Set(this.#done.filter((each) => each.startsWith("started ")));
    const decided = entries.filter(({ decision }) => decision);
    expect([
      of("message").length,
      new Set(of("decision").map(({ about }) => (about as { id: number }).id)).size,
    ]).toEqual([entries.length, decided.length]);
    expect([of("turn", "started").length, of("turn", "done").length, of("sent").length]).toEqual([
      started.size,
      ended.filter((each) => each?.state === "done").length,
      sent.length,
    ]);
    const order = ["message", "decision", "turn"];
    for (const { id } of entries) {
      const way = events.filter(({ about }) => isOf(about, id)).map(({ type }) => order.indexOf(type));
      expect(way).toEqual(way.toSorted((a, b) => a - b));
    }
  }

  async #read(reader: number, by: number, limit: number): Promise<void> {
    const mine = this.#seen[reader]!;
    const { events, cursor } = await this.stores[by]!.events.after(mine.cursor, { limit });
    // Another look of this reader may have been quicker; a reader has one cursor.
    const fresh = events.filter(({ id }) => id > mine.cursor);
    mine.ids.push(...fresh.map(({ id }) => id));
    mine.cursor = Math.max(mine.cursor, cursor);
  }
}
