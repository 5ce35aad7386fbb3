import { expect, it } from "vitest";
import type { Claim, Store } from "../../../src/store/index.js";
import { type Bench, context, drop, item, openTurn, row } from "./bench.js";

const error = { code: "SERVER_BUSY" as const, message: "no" };

/** What is found without reading a whole history is what reading it would find, and no neighbour's. */
export function growthContract(bench: Bench): void {
  async function two(): Promise<{ store: Store; claim: Claim; other: Claim }> {
    const { store, claim } = await bench.claimed();
    return { store, claim, other: (await store.accounts.claim("work", "node-1")).claim };
  }

  it("counts sends by their states as they change, each account its own", async () => {
    const { store, claim, other } = await two();
    for (const chat of [1, 2, 3]) await store.outbox.add("default", item("a", chat), 1000);
    await store.outbox.add("work", item("b", 1), 1000);
    const [sent, refused] = await store.outbox.take(claim, 2, 1000);
    const [neighbour] = await store.outbox.take(other, 1, 1000);
    await store.outbox.settle(sent!.claim, { state: "stored", guid: "S1" }, 1001);
    await store.outbox.settle(refused!.claim, { state: "not_sent", error }, 1001);
    await store.outbox.settle(neighbour!.claim, { state: "unknown", error }, 1001);
    const none = { held: 0, pending: 0, sending: 0, delivered: 0, stored: 0, not_sent: 0, unknown: 0 };
    expect(await store.outbox.counts("default")).toEqual({ ...none, pending: 1, stored: 1, not_sent: 1 });
    const told = { checkedAt: 1002, downgraded: true, failed: false, deliveredAt: 1002 };
    await store.outbox.noteDelivery(sent!.item.id, told);
    await store.outbox.noteDelivery(sent!.item.id, { ...told, readAt: 1003 });
    expect(await store.outbox.counts("default")).toEqual({ ...none, pending: 1, delivered: 1, not_sent: 1 });
    expect(await store.outbox.deliveries("default")).toEqual({
      delivered: 1,
      read: 1,
      downgraded: 1,
      failed: 0,
    });
    expect(await store.outbox.counts("work")).toEqual({ ...none, unknown: 1 });
    expect(await store.outbox.deliveries("work")).toEqual({
      delivered: 0,
      read: 0,
      downgraded: 0,
      failed: 0,
    });
    const texts = async (account?: string) =>
      (
        await store.outbox.list({
          ...(account && { account }),
          states: ["pending", "not_sent", "unknown"],
          limit: 9,
        })
      ).map(({ account, state }) => `${account} ${state}`);
    expect(await texts()).toEqual(["work unknown", "default pending", "default not_sent"]);
    expect(await texts("work")).toEqual(["work unknown"]);
  });

  it("counts a reply that is given twice once, and none that was withdrawn", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [claimed] = await store.turns.claim("node-1", 1, 1000);
    for (let again = 0; again < 2; again++) await store.turns.emit(claimed!.claim, [item("a")], 0, 1000);
    await store.turns.sayAlive(claimed!.claim, item("still here"), 1000);
    expect((await store.outbox.counts("default")).pending).toBe(2);
    await store.turns.end(claimed!.claim, { outcome: "done", replies: [] }, 1000, false);
    expect((await store.outbox.counts("default")).pending).toBe(1);
  });

  it("lists what is dropped, failed, open or in a turn, of one account or of all", async () => {
    const { store, claim, other } = await two();
    for (const of of [claim, other]) {
      const [dropped] = (await store.journal.admit(of, [row(11), row(12)], "live", 1000)) as number[];
      await store.journal.decide(of, dropped!, drop, 1000);
      await openTurn(store, of, `failed ${of.id}`, [13], `agent:main:${of.id}`);
      const [claimed] = await store.turns.claim("node-1", 1, 1000);
      await store.turns.end(claimed!.claim, { outcome: "failed", replies: [] }, 1000, false);
    }
    for (const of of [claim, other])
      await openTurn(store, of, `queued ${of.id}`, [14], `agent:main:${of.id}`);
    const rows = async (filter: object) =>
      (await store.journal.list({ ...filter, limit: 9 })).map(
        (found) => `${found.account} ${found.row.rowId}`,
      );
    for (const [filter, rowId] of [
      [{ decision: "drop" }, 11],
      [{ state: "new" }, 12],
      [{ state: "failed" }, 13],
      [{ state: "in_turn" }, 14],
    ] as const) {
      expect(await rows(filter)).toEqual([`work ${rowId}`, `default ${rowId}`]);
      expect(await rows({ ...filter, account: "default" })).toEqual([`default ${rowId}`]);
    }
    expect(await store.journal.countOpen("work")).toBe(1);
    expect(await store.journal.findByGuid("GUID-13")).toMatchObject({ account: "work" });
  });

  it("lists the rows of a chat by its name, whatever number it had", async () => {
    const { store, claim, other } = await two();
    const chat = (id: number, identifier: string) => ({ chat: { ...row(1).chat, id, identifier } });
    const rows = [row(1, chat(7, "chat88")), row(2, chat(7, "Chat99")), row(3, chat(8, "chat88"))];
    await store.journal.admit(claim, rows, "live", 1000);
    await store.journal.admit(other, [row(4, chat(7, "chat99"))], "live", 1000);
    const found = async (filter: object) =>
      (await store.journal.list({ ...filter, own: true, limit: 9 })).map(({ row: { rowId } }) => rowId);
    expect(await found({ chatIdentifier: "chat88" })).toEqual([3, 1]);
    expect(await found({ chatIdentifier: "CHAT99" })).toEqual([4, 2]);
    expect(await found({ chatIdentifier: "chat99", account: "work" })).toEqual([4]);
  });

  it("knows who wrote since, in the chat or in a direct one of the person, of one account", async () => {
    const { store, claim } = await two();
    const direct = row(1, { sender: "+15550100001" });
    const group = row(2, { sender: "+15550100002", chat: { ...direct.chat, id: 9, isGroup: true } });
    const own = row(3, { sender: "+15550100003", fromMe: true });
    const ids = (await store.journal.admit(claim, [direct, group, own], "live", 1000)) as number[];
    await store.journal.decide(claim, ids[1]!, context, 1000);
    const heard = (account: string, where: object, since = 0) =>
      store.journal.heardFrom(account, where, since);
    expect(await heard("default", { handle: "+15550100001" })).toBe(true);
    expect(await heard("default", { handle: "+15550100001" }, 1000)).toBe(false);
    expect(await heard("work", { handle: "+15550100001" })).toBe(false);
    expect(await heard("default", { handle: "+15550100002" })).toBe(false);
    expect(await heard("default", { chatId: 9 })).toBe(true);
    expect(await heard("default", { handle: "+15550100003" })).toBe(false);
  });

  it("gives what was caught up in a time, in any chat of one account", async () => {
    const { store, claim, other } = await two();
    const chat = (id: number) => ({ chat: { ...row(1).chat, id } });
    const late = [row(1, { ...chat(0), sentAt: 500 }), row(2, { ...chat(7), sentAt: 700 })];
    await store.journal.admit(claim, [...late, row(3, { ...chat(8), sentAt: 600 })], "catchup", 1000);
    await store.journal.admit(claim, [row(4, { ...chat(8), sentAt: 600 })], "live", 1000);
    await store.journal.admit(other, [row(5, { ...chat(8), sentAt: 600 })], "catchup", 1000);
    const found = await store.journal.caughtUp("default", 500, 700);
    expect(found.map(({ row: { rowId } }) => rowId)).toEqual([1, 3]);
  });

  it("forgets what ended later, and what came once more, however often it forgot before", async () => {
    const { store, claim } = await bench.claimed();
    const waits = { ...drop, reason: "waiting_catchup" as const };
    const text = async (guid: string) => (await store.journal.findByGuid(guid))?.row.text;
    await store.journal.defer(claim, [row(1)], waits, 1000);
    const [open] = (await store.journal.admit(claim, [row(2)], "live", 1000)) as number[];
    const [third] = (await store.journal.admit(claim, [row(3)], "live", 1000)) as number[];
    await store.journal.decide(claim, third!, drop, 1000);
    expect(await store.journal.forget(2000)).toBe(2);
    const [again] = (await store.journal.admit(claim, [row(1)], "catchup", 3000)) as number[];
    for (const id of [again!, open!]) await store.journal.decide(claim, id, drop, 3000);
    expect(await store.journal.forget(2000)).toBe(1);
    expect([await text("GUID-1"), await text("GUID-2")]).toEqual(["text 1", ""]);
    expect(await store.journal.forget(4000)).toBe(1);
    expect(await text("GUID-1")).toBe("");
    expect(await store.journal.forget(4000)).toBe(0);
  });
}
