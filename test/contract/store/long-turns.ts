import { expect, it } from "vitest";
import type { Store } from "../../../src/store/index.js";
import { type Bench, item, openTurn, turn } from "./bench.js";

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

  const step = { gate: "steer", passed: true, detail: "It joined." };
  const envelope = { ...turn("t1").envelope, text: "both" };
  const rowsOf = async (store: Store, id: string) =>
    (await store.journal.ofTurn(id)).map((entry) => entry.id);

  it("puts a turn that waits into the running one: its rows end with that one, and it never runs", async () => {
    const { store, claim } = await bench.claimed();
    for (const [index, id] of ["t1", "t2", "t3"].entries()) await openTurn(store, claim, id, [index + 1]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    expect((await store.turns.nextQueued("agent:main:main"))?.id).toBe("t2");
    const joining = { turnId: "t2", rowIds: await rowsOf(store, "t2"), envelope, step };
    expect(await store.turns.join(running!.claim, joining, 3000)).toBe("ok");
    expect(await store.turns.join(running!.claim, joining, 3000)).toBe("ok");
    expect(await store.turns.get("t2")).toMatchObject({ state: "cancelled", notes: ["joined turn t1"] });
    expect((await store.turns.get("t1"))?.envelope.text).toBe("both");
    expect((await store.turns.nextQueued("agent:main:main"))?.id).toBe("t3");
    expect(await store.journal.findByGuid("GUID-2")).toMatchObject({
      state: "in_turn",
      turnId: "t1",
      decision: { gates: [step] },
    });
    const { next } = await store.turns.end(running!.claim, { outcome: "done", replies: [] }, 4000, true);
    expect(next?.turn.id).toBe("t3");
    expect((await store.journal.findByGuid("GUID-2"))?.state).toBe("done");
  });

  it("runs what joined again with the turn that it joined, and as a turn of its own what did not", async () => {
    const { store, claim } = await bench.claimed();
    for (const [index, id] of ["t1", "t2", "t3"].entries()) await openTurn(store, claim, id, [index + 1]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    const joining = { turnId: "t2", rowIds: await rowsOf(store, "t2"), envelope, step };
    await store.turns.join(running!.claim, joining, 3000);
    await store.turns.release(running!.claim);
    const late = { ...joining, turnId: "t3", rowIds: await rowsOf(store, "t3") };
    expect(await store.turns.join(running!.claim, late, 3000)).toBe("lost");
    const [again] = await store.turns.claim("node-1", 1, 4000);
    expect(again?.turn).toMatchObject({ id: "t1", attempt: 2, envelope: { text: "both" } });
    const { next } = await store.turns.end(again!.claim, { outcome: "done", replies: [] }, 5000, true);
    expect(next?.turn.id).toBe("t3");
  });

  it("puts no turn into one of another session or account, nor one that answers other rows by now", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1], "a");
    await openTurn(store, claim, "t2", [2], "b");
    const [running, other] = await store.turns.claim("node-1", 2, 2000);
    await openTurn(store, claim, "t3", [3], "b");
    const rowIds = await rowsOf(store, "t3");
    const join = (by: typeof running, ids: number[]) =>
      store.turns.join(by!.claim, { turnId: "t3", rowIds: ids, envelope, step }, 3000);
    expect(await join(running, rowIds)).toBe("lost");
    expect(await join(other, [])).toBe("lost");
    expect(await store.turns.get("t3")).toMatchObject({ state: "queued" });
    expect(await join(other, rowIds)).toBe("ok");
  });
}
