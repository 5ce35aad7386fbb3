import { expect, it } from "vitest";
import { type Bench, item, openTurn } from "./bench.js";

export function longTurnsContract(bench: Bench): void {
  it("says once that a turn is at work, whatever its attempts, before its answer and as no part of it", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [first] = await store.turns.claim("node-1", 1, 2000);
    expect(await store.turns.sayAlive(first!.claim, item("alive"), 2000)).toBe("ok");
    expect(await store.turns.sayAlive(first!.claim, item("again"), 2000)).toBe("ok");
    const [taken] = await store.outbox.take(claim, 9, 2000);
    await store.turns.release(first!.claim);
    const [second] = await store.turns.claim("node-1", 1, 3000);
    expect(second?.emitted).toBe(0);
    await store.turns.sayAlive(second!.claim, item("a second attempt"), 3000);
    await store.turns.emit(second!.claim, [item("answer")], 0, 3000);
    // That it was not sent gives up nothing of the answer.
    const error = { code: "NOT_DELIVERED", message: "no" } as const;
    await store.outbox.settle(taken!.claim, { state: "not_sent", error }, 3000);
    const of = async () => (await store.outbox.ofTurn("t1")).map(({ text, state }) => [text, state]);
    expect(await of()).toEqual([
      ["alive", "not_sent"],
      ["answer", "pending"],
    ]);
    await store.turns.end(second!.claim, { outcome: "done", replies: [] }, 4000, false);
    expect(await store.turns.sayAlive(second!.claim, item("late"), 4000)).toBe("lost");
    expect(await of()).toHaveLength(2);
  });

  it("takes back with a turn's end what did not say yet that it is at work", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1], "a");
    await openTurn(store, claim, "t2", [2], "b");
    const [waits, goesOut] = await store.turns.claim("node-1", 2, 2000);
    await store.turns.sayAlive(goesOut!.claim, item("on its way", 8), 2000);
    const [taken] = await store.outbox.take(claim, 9, 2000);
    await store.turns.sayAlive(waits!.claim, item("waits"), 2000);
    for (const { claim: running } of [waits!, goesOut!])
      await store.turns.end(running, { outcome: "done", replies: [item("answer")] }, 3000, false);
    expect((await store.outbox.ofTurn("t1")).map(({ text }) => text)).toEqual(["answer"]);
    const error = { code: "NOT_DELIVERED", message: "no" } as const;
    const again = { state: "retry", dueAt: 4000, error } as const;
    expect(await store.outbox.settle(taken!.claim, again, 3000)).toBe("stopped");
  });
}
