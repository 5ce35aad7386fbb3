import { expect, it } from "vitest";
import type { NewTurn, ScheduledMessage } from "../../../src/store/index.js";
import { fakeTurn } from "../../support/agent-turn.js";
import { type Bench, item, openTurn } from "./bench.js";

const later = (id: string, dueAt: number, more: Partial<ScheduledMessage> = {}): ScheduledMessage => ({
  id,
  account: "default",
  sessionKey: "s",
  dueAt,
  createdAt: 1,
  item: item(id, 7, { origin: "schedule" }),
  ...more,
});

function turn(id: string): NewTurn {
  const { envelope } = fakeTurn("what is on today?");
  return { id, account: "default", sessionKey: "s", agentId: "main", envelope };
}

export function scheduleContract(bench: Bench): void {
  const texts = async (store = bench.store()) =>
    (await store.outbox.list({ limit: 9 })).map(({ text }) => text);

  it("keeps all of a schedule, the next one first", async () => {
    const store = bench.store();
    const { chat } = fakeTurn("hi").envelope;
    const whole = later("b", 2000, {
      repeat: { cron: "0 7 * * *", zone: "Europe/Berlin" },
      runsTurn: true,
      maker: { handle: "+15550100123", name: "Mia", isOwner: false, chat },
    });
    await store.schedule.add(whole);
    await store.schedule.add(later("a", 1000));
    await store.schedule.add(later("a", 500));
    expect(await store.schedule.list()).toEqual([later("a", 1000), whole]);
    expect(await store.schedule.nextDue()).toBe(1000);
    expect(await store.schedule.nextDue(["default"])).toBeUndefined();
  });

  it("hands a run over once, whoever does it, and knows it afterwards", async () => {
    const [store, other] = [bench.store(), bench.store()];
    for (const id of ["a", "b", "c"]) await store.schedule.add(later(id, 1000));
    expect(await store.schedule.cancel("b")).toBe(true);
    const run = { id: "a", dueAt: 1000 };
    const to = { items: [item("a")] };
    const handed = await Promise.all([
      store.schedule.hand(run, to, 1000),
      other.schedule.hand(run, to, 1000),
    ]);
    expect(handed.toSorted()).toEqual([false, true]);
    expect(await store.schedule.hand({ id: "b", dueAt: 1000 }, to, 1000)).toBe(false);
    expect(await store.schedule.hand({ id: "c", dueAt: 1000 }, { items: [item("too late")] }, 1500)).toBe(
      true,
    );
    for (const id of ["a", "b", "c"]) expect(await store.schedule.add(later(id, 1000))).toBe(true);
    expect(await store.schedule.list()).toEqual([]);
    expect(await store.schedule.nextDue()).toBeUndefined();
    expect(await store.schedule.cancel("a")).toBe(false);
    expect((await texts()).toSorted()).toEqual(["a", "too late"]);
  });

  it("comes again at the time that is said with a run, once", async () => {
    const store = bench.store();
    await store.schedule.add(later("a", 1000));
    const run = { id: "a", dueAt: 1000 };
    expect(await store.schedule.hand(run, { items: [item("first")], next: 5000 }, 1000)).toBe(true);
    expect(await store.schedule.hand(run, { items: [item("again")], next: 5000 }, 1000)).toBe(false);
    expect(await store.schedule.nextDue()).toBe(5000);
    expect(await store.schedule.hand({ id: "a", dueAt: 5000 }, { items: [item("second")] }, 5000)).toBe(true);
    expect(await store.schedule.list()).toEqual([]);
    expect((await texts()).toSorted()).toEqual(["first", "second"]);
  });

  it("queues the turn of a run", async () => {
    const { store } = await bench.claimed();
    await store.schedule.add(later("a", 1000));
    await store.schedule.hand({ id: "a", dueAt: 1000 }, { items: [], turn: turn("t1"), next: 2000 }, 1000);
    await store.schedule.hand({ id: "a", dueAt: 1000 }, { items: [], turn: turn("t2"), next: 2000 }, 1000);
    expect(await store.turns.counts()).toEqual({ queued: 1, running: 0 });
    const [taken] = await store.turns.claim("node", 9, 1000);
    expect(taken?.turn).toMatchObject({ id: "t1", sessionKey: "s", queuedAt: 1000 });
  });

  it("is added by no turn that is over, runs anew, or that somebody ended", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1], "s");
    await openTurn(store, claim, "t2", [2], "other");
    const [first] = await store.turns.claim("node-1", 1, 2000);
    await store.turns.claim("node-1", 1, 2000);
    const adds = (id: string, run: number, turnId = "t1") =>
      store.schedule.add(later(id, 5000), { by: { turnId, run } });
    expect(await adds("a", 1)).toBe(true);
    await store.turns.release(first!.claim);
    const [again] = await store.turns.claim("node-1", 1, 2000);
    await expect(adds("b", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    expect(await adds("c", 2)).toBe(true);
    await store.turns.requestCancel("s", 2200);
    await expect(adds("d", 2)).rejects.toMatchObject({ code: "NO_TURN" });
    await store.turns.end(again!.claim, { outcome: "done", replies: [] }, 2800, false);
    await expect(adds("e", 2)).rejects.toMatchObject({ code: "NO_TURN" });
    expect(await adds("f", 1, "t2")).toBe(true);
    expect((await store.schedule.list()).map(({ id }) => id).toSorted()).toEqual(["a", "c", "f"]);
  });

  it("takes only so many of a conversation", async () => {
    const store = bench.store();
    expect(await store.schedule.add(later("a", 1000), { most: 2 })).toBe(true);
    expect(await store.schedule.add(later("b", 1000), { most: 2 })).toBe(true);
    expect(await store.schedule.add(later("c", 1000), { most: 2 })).toBe(false);
    // What is known already, another conversation and another account are no more.
    expect(await store.schedule.add(later("b", 1000), { most: 2 })).toBe(true);
    expect(await store.schedule.add(later("d", 1000, { item: item("d", 8) }), { most: 2 })).toBe(true);
    expect(await store.schedule.add(later("e", 1000, { account: "work" }), { most: 2 })).toBe(true);
    await store.schedule.cancel("a");
    expect(await store.schedule.add(later("c", 1000), { most: 2 })).toBe(true);
    expect((await store.schedule.list()).map(({ id }) => id)).toEqual(["b", "c", "d", "e"]);
  });
}
