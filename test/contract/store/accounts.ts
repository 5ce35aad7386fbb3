import { expect, it } from "vitest";
import { type Bench, dispatch, drop, item, openTurn, row, turn } from "./bench.js";

export function accountsContract(bench: Bench): void {
  it("starts a new account at row 0, without an end", async () => {
    const { facts } = await bench.store().accounts.claim("default", "node-1");
    expect(facts).toEqual({ cursor: 0 });
  });

  it("raises the fence with each owner, and says how far the rows were journaled and when it was stopped", async () => {
    const { store, claim } = await bench.claimed();
    await store.journal.admit(claim, [row(41), row(40)], "live", 1000);
    expect(await store.accounts.release(claim, 5000)).toBe("ok");
    const next = await store.accounts.claim("default", "node-2");
    expect(next.facts).toEqual({ cursor: 41, stoppedAt: 5000 });
    expect(next.claim.fence).toBeGreaterThan(claim.fence);
    // Without another release the one after it is a start after a crash.
    expect((await store.accounts.claim("default", "node-3")).facts).toEqual({ cursor: 41 });
  });

  it("keeps the state over a restart, row by row", async () => {
    const { store, claim } = await bench.claimed();
    await store.journal.admit(claim, [row(5)], "live", 1000);
    await store.accounts.setCursor(claim, 9);
    await store.close();
    expect(await bench.store().accounts.cursor("default")).toBe(9);
  });

  it("knows every account that was ever claimed, served or not", async () => {
    const { store, claim } = await bench.claimed("work");
    expect(await store.accounts.known()).toEqual(["work"]);
    await store.accounts.claim("default", "node-1");
    await store.accounts.release(claim, 1000);
    expect(await store.accounts.known()).toEqual(["default", "work"]);
  });

  it("refuses every write of an owner that was taken over", async () => {
    const { store, claim } = await bench.claimed();
    const [id] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as number[];
    await store.outbox.add("default", item("hello"), 1000);
    const [taken] = await store.outbox.take(claim, 1, 1000);
    await bench.store().accounts.claim("default", "node-2");
    await expect(store.journal.admit(claim, [row(2)], "live", 1000)).rejects.toMatchObject({
      code: "ACCOUNT_LOST",
    });
    expect(await store.journal.decide(claim, id!, drop, 1000)).toBe("lost");
    expect(await store.journal.locate(claim, id!, row(1).chat)).toBe("lost");
    expect(await store.journal.complete(claim, id!, { replies: [] }, 1000)).toBe("lost");
    expect(await store.turns.open(claim, turn("t1"), [id!], [], 1000)).toBe("lost");
    expect(await store.accounts.setCursor(claim, 99)).toBe("lost");
    expect(await store.accounts.release(claim, 1000)).toBe("lost");
    expect(await store.outbox.take(claim, 5, 1000)).toEqual([]);
    // A send under way belongs to its own claim: its owner may still say what became of it.
    expect(await store.outbox.settle(taken!.claim, { state: "stored" }, 1000)).toBe("ok");
    expect((await store.journal.get(id!))?.state).toBe("new");
    expect(await store.accounts.cursor("default")).toBe(1);
  });

  it("queues what an earlier owner ran again, in its old place", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2]);
    const [running] = await store.turns.claim("node-1", 5, 2000);
    expect(running?.turn.id).toBe("t1");
    await store.accounts.claim("default", "node-2");
    expect(
      await store.turns.end(running!.claim, { outcome: "done", replies: [item("late")] }, 3000, true),
    ).toEqual({ held: "lost" });
    expect(await store.turns.release(running!.claim)).toBe("lost");
    const [again] = await store.turns.claim("node-2", 5, 3000);
    expect(again).toMatchObject({ turn: { id: "t1", attempt: 2 }, claim: { attempt: 2 } });
    expect(
      await store.turns.end(running!.claim, { outcome: "done", replies: [item("late")] }, 3000, true),
    ).toEqual({ held: "lost" });
    expect((await store.outbox.counts("default")).pending).toBe(0);
  });

  it("frees a session that an account no longer served left running", async () => {
    const { store, claim } = await bench.claimed("gone", "node-1");
    await openTurn(store, claim, "t1", [1]);
    await store.turns.claim("node-1", 5, 2000);
    const { claim: other } = await store.accounts.claim("default", "node-2");
    await openTurn(store, other, "t2", [2]);
    const ids = (await store.turns.claim("node-2", 5, 3000)).map((claimed) => claimed.turn.id);
    expect(ids).toEqual(["t1"]);
  });

  it("leaves alone what the same node runs when an account is claimed again", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 5, 2000);
    await store.accounts.claim("default", "node-1");
    expect(await store.turns.claim("node-1", 5, 2000)).toEqual([]);
    const { held } = await store.turns.end(running!.claim, { outcome: "done", replies: [] }, 3000, false);
    expect(held).toBe("ok");
  });

  it("does not open a turn for a row whose decision was not stored", async () => {
    const { store, claim } = await bench.claimed();
    const [id] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as number[];
    expect(await store.turns.open(claim, turn("t1"), [id!], [], 1000)).toBe("lost");
    expect(await store.turns.get("t1")).toBeUndefined();
    await store.journal.decide(claim, id!, dispatch, 1000);
    expect(await store.turns.open(claim, turn("t1"), [id!], [], 1000)).toBe("ok");
    expect(await store.turns.open(claim, turn("t1"), [id!], [], 1000)).toBe("ok");
    // A second turn over the same row would answer it twice.
    expect(await store.turns.open(claim, turn("t2"), [id!], [], 1000)).toBe("lost");
    expect(await store.turns.counts()).toEqual({ queued: 1, running: 0 });
  });

  it("resumes a little before the cursor, but not before the first start", async () => {
    const { store, claim } = await bench.claimed();
    const resume = () => store.accounts.resumePoint("default");
    expect(await resume()).toBe(0);
    await store.accounts.setCursor(claim, -1);
    expect(await resume()).toBe(-1);
    // Never 0, which means "from now" to imsg.
    await store.journal.admit(claim, [row(20)], "live", 1000);
    expect(await resume()).toBe(-1);
    await store.journal.admit(claim, [row(31)], "live", 1000);
    expect(await resume()).toBe(11);
    // A database that was replaced counts anew.
    await store.accounts.setCursor(claim, 9);
    expect(await resume()).toBe(9);
    await store.journal.admit(claim, [row(12)], "live", 1000);
    expect(await resume()).toBe(9);
  });
}
