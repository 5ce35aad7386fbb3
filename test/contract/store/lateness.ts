import { expect, it } from "vitest";
import { type Bench, dispatch, drop, item, openTurn, row, turn } from "./bench.js";

const late = { ...drop, reason: "backlog" as const };
const tapback = { ...drop, kind: "context" as const, reason: "tapback" as const };

/** Rows that came late, twice, or as notes; and turns whose messages changed while they waited. */
export function latenessContract(bench: Bench): void {
  it("finds rows of a chat by the time they were sent", async () => {
    const { store, claim } = await bench.claimed();
    const rows = [row(1, { sentAt: 100 }), row(2, { sentAt: 200 }), row(3, { sentAt: 200 })];
    await store.journal.admit(claim, rows, "live", 1000);
    const guids = async (from: number, to: number) =>
      (await store.journal.sentBetween("default", 7, from, to)).map((entry) => entry.row.guid);
    expect(await guids(100, 199)).toEqual(["GUID-1"]);
    expect(await guids(200, 200)).toEqual(["GUID-2", "GUID-3"]);
    expect(await store.journal.sentBetween("default", 8, 0, 1000)).toEqual([]);
  });

  it("counts what came too late per sender until it was told, once", async () => {
    const { store, claim } = await bench.claimed();
    const rows = [row(1), row(2, { senderName: "Mia Wong" }), row(3, { from: "sam@example.com" }), row(4)];
    const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    for (const id of ids.slice(0, 3)) await store.journal.decide(claim, id, late, 1001);
    const missed = await store.journal.missed("default");
    expect(missed).toEqual([
      { sender: "+15550100123", name: "Mia Wong", count: 2, lastId: ids[1] },
      { sender: "sam@example.com", count: 1, lastId: ids[2] },
    ]);
    expect((await store.journal.missedIn("default", 7, 10)).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    await store.journal.decide(claim, ids[3]!, late, 1002);
    const notice = item("missed", 7, { origin: "owner-notice" });
    expect(await store.journal.tell(claim, ids[2]!, [notice], 1003)).toBe("ok");
    expect(await store.journal.missed("default")).toEqual([
      { sender: "+15550100123", count: 1, lastId: ids[3] },
    ]);
    // Told again after an answer was lost: no second notice.
    expect(await store.journal.tell(claim, ids[2]!, [notice], 1003)).toBe("ok");
    expect(await store.outbox.list({ limit: 10 })).toHaveLength(1);
    await store.accounts.claim("default", "node-2");
    expect(await store.journal.tell(claim, ids[3]!, [notice], 1003)).toBe("lost");
    expect(await store.outbox.list({ limit: 10 })).toHaveLength(1);
  });

  it("keeps tapbacks apart from context, until a turn carries them", async () => {
    const { store, claim } = await bench.claimed();
    const [note, message] = (await store.journal.admit(claim, [row(1), row(2)], "live", 1)) as number[];
    await store.journal.decide(claim, note!, tapback, 1);
    await store.journal.decide(claim, message!, dispatch, 1);
    expect(await store.journal.context("default", 7, 10)).toEqual([]);
    expect((await store.journal.notes("default", 7, 10)).map(({ id }) => id)).toEqual([note]);
    await store.turns.open(claim, turn("t1"), [message!], [note!], 2);
    expect(await store.journal.notes("default", 7, 10)).toEqual([]);
  });

  it("changes a running turn and ends the rows that were taken back, under its claim alone", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const { id } = (await store.journal.findByGuid("GUID-1"))!;
    const [claimed] = await store.turns.claim("node-1", 1, 10);
    const { envelope } = { ...claimed!.turn };
    const unsent = { id, decision: { ...drop, reason: "unsent" as const } };
    const stale = { ...claimed!.claim, fence: 99 };
    expect(await store.turns.revise(stale, { ...envelope, text: "x" }, [unsent], 11)).toBe("lost");
    expect(await store.journal.get(id)).toMatchObject({ state: "in_turn" });
    expect(await store.turns.revise(claimed!.claim, { ...envelope, text: "new" }, [unsent], 11)).toBe("ok");
    expect((await store.turns.get("t1"))?.envelope.text).toBe("new");
    expect(await store.journal.get(id)).toMatchObject({ state: "done", decision: { reason: "unsent" } });
  });
}
