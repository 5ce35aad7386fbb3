import { expect, it } from "vitest";
import type { Claim, OutboxItem, Store } from "../../../src/store/index.js";
import { type Bench, item, openTurn } from "./bench.js";

const error = { code: "NOT_FOUND_IN_HISTORY" as const, message: "Messages does not have it" };

/** What nobody knows of a send: it ends as unknown, never as surely not sent (behaviour 10.1). */
export function inDoubtContract(bench: Bench): void {
  /** Has the next send tried, and puts it back as one that may have gone. */
  const tryInDoubt = async (store: Store, claim: Claim, dueAt = 9000): Promise<OutboxItem> => {
    const [taken] = await store.outbox.take(claim, 1, 1000);
    const again = { state: "retry" as const, dueAt, error, inDoubt: true as const };
    expect(await store.outbox.settle(taken!.claim, again, 1000)).toBe("ok");
    return taken!.item;
  };
  const ends = async (store: Store, ids: readonly number[]) =>
    (await store.outbox.getAll(ids)).map(({ state, error: why, stopped }) => [state, why?.code, stopped]);

  it("hands out at once what was stopped in doubt while it waited; its neighbours end, or wait on", async () => {
    const { store, claim } = await bench.claimed();
    const add = (text: string, chat: number) => store.outbox.add("default", item(text, chat), 1000);
    const ids = [await add("a1", 1), await add("a2", 1)];
    const doubt = await tryInDoubt(store, claim);
    const other = await add("b1", 2);
    const otherDoubt = await tryInDoubt(store, claim);
    expect([doubt.id, otherDoubt.id]).toEqual([ids[0], other]);
    expect(await store.outbox.take(claim, 9, 2000)).toEqual([]);
    expect(await store.outbox.stopAnswers("default", [doubt.chatKey], 2000)).toBe(1);
    expect(await ends(store, [...ids, other])).toEqual([
      ["pending", "NOT_FOUND_IN_HISTORY", true],
      ["not_sent", "STOPPED", undefined],
      ["pending", "NOT_FOUND_IN_HISTORY", undefined],
    ]);
    const [again, ...more] = await store.outbox.take(claim, 9, 2000);
    expect(more).toEqual([]);
    expect(again!.item).toMatchObject({ id: ids[0], stopped: true, inDoubt: true });
  });

  it("puts back what was stopped while it was sent, where that try or an earlier one is in doubt", async () => {
    const { store, claim } = await bench.claimed();
    const add = (chat: number) => store.outbox.add("default", item("a", chat), 1000);
    const ids = [await add(1)];
    await tryInDoubt(store, claim, 1000);
    ids.push(await add(2), await add(3));
    const taken = await store.outbox.take(claim, 9, 1500);
    expect(taken.map(({ item: { id } }) => id)).toEqual(ids);
    await store.outbox.stopAnswers(
      "default",
      taken.map(({ item: { chatKey } }) => chatKey),
      2000,
    );
    const again = { state: "retry" as const, dueAt: 3000, error };
    expect(await store.outbox.settle(taken[0]!.claim, again, 2500)).toBe("ok");
    expect(await store.outbox.settle(taken[1]!.claim, { ...again, inDoubt: true }, 2500)).toBe("ok");
    expect(await store.outbox.settle(taken[2]!.claim, again, 2500)).toBe("stopped");
    expect(await ends(store, ids)).toEqual([
      ["pending", "NOT_FOUND_IN_HISTORY", true],
      ["pending", "NOT_FOUND_IN_HISTORY", true],
      ["not_sent", "STOPPED", true],
    ]);
  });

  it("does not say of a later part in doubt that it was not sent, when an earlier one is given up", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 1000);
    const replies = ["1", "2", "3"].map((text) => item(text, 7));
    await store.turns.end(running!.claim, { outcome: "done", replies }, 1000, false);
    const [first] = await store.outbox.take(claim, 1, 1000);
    await store.outbox.settle(first!.claim, { state: "accepted" }, 1000);
    await tryInDoubt(store, claim);
    await store.outbox.settle(first!.claim, { state: "unknown", error }, 2000);
    const parts = await store.outbox.ofTurn("t1");
    expect(parts.map(({ state, stopped }) => [state, stopped])).toEqual([
      ["unknown", undefined],
      ["pending", true],
      ["not_sent", undefined],
    ]);
    // It is handed out at once, to be looked for.
    expect((await store.outbox.take(claim, 9, 2000)).map(({ item: { id } }) => id)).toEqual([parts[1]!.id]);
  });

  it("keeps the sign of life of a turn that is over where it may stand in the chat", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 1000);
    await store.turns.sayAlive(running!.claim, item("at work", 7), 1000);
    const sign = await tryInDoubt(store, claim);
    await store.turns.end(running!.claim, { outcome: "done", replies: [] }, 2000, false);
    expect(await ends(store, [sign.id])).toEqual([["pending", "NOT_FOUND_IN_HISTORY", true]]);
  });

  it("does not say that a send in doubt to a forgotten person was not sent", async () => {
    const { store, claim } = await bench.claimed();
    const handle = "+15550100009";
    const target = { kind: "handle" as const, handle, service: "auto" as const };
    const add = (text: string) =>
      store.outbox.add("default", item(text, 0, { target, chatKey: `handle:${handle}` }), 1000);
    const ids = [await add("1"), await add("2")];
    await tryInDoubt(store, claim);
    await store.people.forget((each) => each === handle, 3000);
    expect((await store.outbox.getAll(ids)).map(({ state }) => state)).toEqual(["unknown", "not_sent"]);
  });
}
