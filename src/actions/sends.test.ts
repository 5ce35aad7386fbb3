import { describe, expect, it } from "vitest";
import { Bench, item } from "../../test/contract/store/bench.js";
import { ActionBench } from "../../test/support/action-bench.js";
import { storeWith } from "../../test/support/store-with.js";
import { openStore } from "../store/index.js";
import { originOf, settled, textItems, whyHeld } from "./sends.js";

const stores = new Bench(openStore);
const target = { kind: "chat_id" as const, chatId: 7 };
const rules = { textChunkLimit: 4000, chunkMode: "length" as const };

describe("the messages of a text", () => {
  it("carry its styles where it has some", () => {
    expect(textItems(target, "turn", "a **b**", rules)).toEqual([
      { ...item("a b"), runs: [{ start: 2, length: 1, styles: ["bold"] }] },
    ]);
    expect(textItems(target, "person", "plain", rules)).toEqual([{ ...item("plain"), origin: "person" }]);
    expect(Object.keys(textItems(target, "turn", "plain", rules)[0]!)).not.toContain("runs");
  });

  it("are divided as the rules have it, and the first carries what goes beside", () => {
    const extras = { replyTo: "R", strict: true };
    expect(textItems(target, "turn", "one two", { ...rules, textChunkLimit: 3 }, extras)).toEqual([
      { ...item("one"), ...extras },
      item("two"),
    ]);
    expect(textItems(target, "turn", "a\n\nb", { ...rules, chunkMode: "newline" })).toEqual([
      item("a"),
      item("b"),
    ]);
    expect(textItems(target, "turn", "a\n\nb", rules)).toEqual([item("a\n\nb")]);
    expect(textItems(target, "turn", " ", rules)).toEqual([]);
  });

  it("are a turn's, or a person's who has none", () => {
    expect(originOf({ turnId: "t1" })).toBe("turn");
    expect(originOf({})).toBe("person");
  });
});

/** Two messages to Mia and one to Ben that wait. */
async function waiting() {
  const bench = await ActionBench.of(stores);
  const { store, clock } = bench;
  const ids = [item("a"), item("b"), item("other", 8)].map((each) =>
    store.outbox.add("default", each, clock.now()),
  );
  const [a, b, other] = (await Promise.all(ids)) as [number, number, number];
  let states: string[] | undefined;
  const wait = (which: number[], ms = 30_000, over = store) => {
    void settled({ store: over, clock }, which, ms).then((items) => {
      states = items.map(({ state }) => state);
    });
  };
  /** Settles the next of each chat. */
  const next = async (state: "stored" | "retry") => {
    for (const { claim } of await store.outbox.take(bench.claim, 9, clock.now()))
      await store.outbox.settle(
        claim,
        state === "stored"
          ? { state, rowId: 90 }
          : {
              state,
              dueAt: clock.now() + 60_000,
              error: { code: "PACED", message: "held back: 20 messages" },
            },
        clock.now(),
      );
    await clock.advance(1);
  };
  return { store, clock, a, b, other, wait, next, states: () => states };
}

describe("whoever waits for sends", () => {
  it("waits until all of them are settled, and leaves no timer behind", async () => {
    const { a, b, clock, next, states, wait } = await waiting();
    wait([a, b]);
    await next("stored");
    expect(states()).toBeUndefined();
    await next("stored");
    await clock.advanceUntil(() => states() !== undefined, 1);
    expect(states()).toEqual(["stored", "stored"]);
    expect(clock.waiting).toBe(0);
  });

  it("does not wait for those of others, nor where all is over already", async () => {
    const { a, b, other, clock, next, states, wait } = await waiting();
    await next("stored");
    wait([other, a]);
    await clock.advanceUntil(() => states() !== undefined, 0);
    expect(states()).toEqual(["stored", "stored"]);
    expect(clock.waiting).toBe(0);
    wait([b]);
    await clock.advance(29_999);
    expect(states()).toHaveLength(2);
    await clock.advanceUntil(() => states()?.length === 1, 1);
    expect(states()).toEqual(["pending"]);
  });

  it("is told at once when a budget holds them back, and why", async () => {
    const { a, store, clock, next, states, wait } = await waiting();
    wait([a]);
    await clock.advance(1);
    expect(states()).toBeUndefined();
    expect(await whyHeld(store, await store.outbox.getAll([a]))).toBeUndefined();
    await next("retry");
    await clock.advanceUntil(() => states() !== undefined, 1);
    expect(states()).toEqual(["pending"]);
    expect(await whyHeld(store, await store.outbox.getAll([a]))).toContain("20 messages");
    expect(await whyHeld(store, [])).toBeUndefined();
  });

  it("looks again with the next news when the outbox could not be read", async () => {
    const { a, store, clock, next, states, wait } = await waiting();
    let reads = 0;
    const failing = storeWith(store, {
      outbox: {
        getAll: async (ids) => {
          if (++reads === 2) throw new Error("locked");
          return store.outbox.getAll(ids);
        },
      },
    });
    wait([a], 30_000, failing);
    await clock.advance(1);
    expect(reads).toBe(2);
    await next("stored");
    await clock.advanceUntil(() => states() !== undefined, 1);
    expect(states()).toEqual(["stored"]);
  });
});
