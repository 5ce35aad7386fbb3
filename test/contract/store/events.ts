import { expect, it } from "vitest";
import type { KeptEvent } from "../../../src/store/index.js";
import { type Bench, drop, item, openTurn, pairing, row } from "./bench.js";

const mia = "+15550100071";
const all = { limit: 1000 };
const told = (events: KeptEvent[]) =>
  events.map(({ type, account, chat, facts }) => [type, account, chat, Object.values(facts).join(" ")]);

/** What happened, kept with the change that it tells of (behaviour 20.1a). */
export function eventsContract(bench: Bench): void {
  async function read() {
    const { store, claim } = await bench.claimed();
    const { cursor } = await store.events.follow("reader", 1000);
    return { store, claim, cursor };
  }

  it("writes nothing while nobody reads, and tells who read before that there is a gap", async () => {
    const { store, claim } = await bench.claimed();
    await store.journal.admit(claim, [row(1)], "live", 1000);
    const before = await store.events.newest();
    expect(await store.events.after(before, all)).toEqual({ events: [], cursor: before });
    const { cursor } = await store.events.follow("reader", 1000);
    expect(await store.events.after(before, all)).toEqual({ events: [], cursor, gap: { upTo: cursor } });
    await store.journal.admit(claim, [row(2)], "live", 1000);
    // Another reader begins at now, and the first one misses nothing by that.
    const other = await store.events.follow("other", 2000);
    expect(other).toEqual({ name: "other", cursor: cursor + 1, since: 2000 });
    expect((await store.events.after(cursor, all)).events).toHaveLength(1);
    await store.events.unfollow("reader");
    await store.journal.admit(claim, [row(3)], "live", 1000);
    await store.events.unfollow("other");
    await store.journal.admit(claim, [row(4)], "live", 1000);
    const { events, gap, cursor: end } = await store.events.after(other.cursor, all);
    expect([events.map(({ about }) => (about as { id: number }).id), gap]).toEqual([[3], undefined]);
    await store.events.follow("reader", 3000);
    expect((await store.events.after(end, all)).gap).toBeDefined();
  });

  it("tells the whole way of a message, each step with what it is about", async () => {
    const { store, claim, cursor } = await read();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    await store.turns.end(running!.claim, { outcome: "done", replies: [item("a"), item("b")] }, 3000, false);
    const [first] = await store.outbox.take(claim, 1, 4000);
    await store.outbox.settle(first!.claim, { state: "stored", guid: "S1" }, 5000);
    const delivery = { checkedAt: 6000, deliveredAt: 5500, downgraded: false, failed: false };
    await store.outbox.noteDelivery(first!.item.id, delivery);
    const [second] = await store.outbox.take(claim, 1, 6000);
    const error = { code: "NOT_SENT" as const, message: "no" };
    await store.outbox.settle(second!.claim, { state: "retry", dueAt: 6000, error }, 6500);
    const [again] = await store.outbox.take(claim, 1, 6500);
    await store.outbox.settle(again!.claim, { state: "not_sent", error }, 7000);
    const { events, cursor: end, gap } = await store.events.after(cursor, all);
    expect(gap).toBeUndefined();
    expect(told(events)).toEqual([
      ["message", "default", "chat:7", "live"],
      ["decision", "default", "chat:7", "dispatch"],
      ["turn", "default", "chat:7", "started 1"],
      ["turn", "default", "chat:7", "done 1"],
      ["sent", "default", "chat:7", "stored"],
      ["sent", "default", "chat:7", "delivered"],
      ["sent", "default", "chat:7", "not_sent NOT_SENT"],
    ]);
    expect(events.map(({ at }) => at)).toEqual([1000, 1000, 2000, 3000, 5000, 6000, 7000]);
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => cursor + 1 + index));
    expect(end).toBe(events.at(-1)!.id);
    expect(events[0]!.about).toMatchObject({ row: { guid: "GUID-1", text: "text 1" } });
    expect(events[2]!.about).toMatchObject({ id: "t1", agentId: "main" });
    expect(events[4]!.about).toMatchObject({ text: "a", guid: "S1" });
    expect(events[6]!.about).toMatchObject({ text: "b", error });
    // What only moves on inside says nothing new.
    expect(await store.events.after(end, all)).toEqual({ events: [], cursor: end });
  });

  it("tells drafts, questions, requests to be let in, and connections", async () => {
    const { store, claim, cursor } = await read();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 2000);
    const target = { kind: "chat_id" as const, chatId: 7 };
    const draft = {
      account: "default",
      madeBy: "t1",
      turnId: "t1",
      agentId: "main",
      to: mia,
      approves: false,
    };
    await store.drafts.open({ ...draft, id: "d1", target, chatKey: "chat:7" }, 2000);
    const held = { id: "d1", expiresAt: 9000, title: "Send?", asked: [] };
    const end = { outcome: "done" as const, replies: [item("a", 7, { draft: "d1" })], holds: [held] };
    await store.turns.end(running!.claim, end, 3000, false);
    await store.drafts.overtake("d1", [], 3100);
    await store.drafts.decide("d1", { sends: false, by: mia, tell: "no" }, 3200);
    const question = { id: "q1", kind: "ask" as const, account: "default", turnId: "t1", sessionKey: "s" };
    await store.questions.ask({ ...question, title: "?", options: [], askedAt: 3300, expiresAt: 9000 }, []);
    await store.questions.end("q1", "closed", 3400);
    const request = {
      handle: mia,
      code: "ABCDEFGH",
      requestedAt: 3500,
      expiresAt: 9000,
      chatId: 8,
      text: "hi",
    };
    const [id] = (await store.journal.admit(claim, [row(2)], "live", 3500)) as [number];
    const reply = item("code", 8, { origin: "pairing" });
    await store.journal.offerPairing(claim, { id, decision: pairing, request, reply, most: 3 }, 3500);
    await store.pairing.deny((await store.pairing.findByCode("ABCDEFGH"))!);
    const lost = { state: "down", error: { code: "CHILD_DOWN", message: "gone" } };
    await store.events.noteHealth("work", lost, 3600);
    const types = ["draft", "question", "pairing", "health"] as const;
    const { events } = await store.events.after(cursor, { ...all, types });
    expect(told(events.slice(0, -1))).toEqual([
      ["draft", "default", "chat:7", "held"],
      ["draft", "default", "chat:7", "overtaken"],
      ["draft", "default", "chat:7", "dropped"],
      ["question", "default", "chat:7", "open ask"],
      ["question", "default", "chat:7", "closed ask"],
      ["pairing", "default", "chat:8", "requested"],
      ["pairing", "default", "chat:8", "denied"],
    ]);
    expect(events.at(-1)).toMatchObject({ type: "health", account: "work", at: 3600, facts: lost });
    expect(events.at(-1)).not.toHaveProperty("chat");
    expect(events[2]!.about).toMatchObject({ id: "d1", parts: [{ text: "a" }] });
    // Who reads events is not thereby somebody who lets people in.
    expect(JSON.stringify(events)).not.toContain("ABCDEFGH");
  });

  it("tells a row that came without its chat once, when that is known or it was decided without", async () => {
    const { store, claim, cursor } = await read();
    const { chat } = row(1);
    const without = [row(1), row(2)].map((each) => ({ ...each, chat: { ...chat, id: 0 } }));
    const [found, lost] = (await store.journal.admit(claim, without, "live", 1000)) as [number, number];
    expect((await store.events.after(cursor, all)).events).toEqual([]);
    await store.journal.locate(claim, found, chat);
    for (const id of [found, lost]) await store.journal.decide(claim, id, drop, 1000);
    await store.journal.reopen([lost], "retry");
    await store.journal.decide(claim, lost, drop, 2000);
    expect(told((await store.events.after(cursor, all)).events)).toEqual([
      ["message", "default", "chat:7", "live"],
      ["decision", "default", "chat:7", "drop dm_not_allowed"],
      ["message", "default", `handle:${row(2).sender}`, "live"],
      ["decision", "default", `handle:${row(2).sender}`, "drop dm_not_allowed"],
      ["decision", "default", `handle:${row(2).sender}`, "drop dm_not_allowed"],
    ]);
  });

  it("gives what a filter asks for, in pages that skip nothing", async () => {
    const { store, claim, cursor } = await read();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    const { chat } = row(1);
    for (let rowId = 1; rowId <= 6; rowId++)
      await store.journal.admit(
        rowId % 3 === 0 ? work : claim,
        [row(rowId, { chat: { ...chat, id: rowId % 2 } })].map((each) => ({
          ...each,
          chat: { ...chat, id: 1 + (rowId % 2) },
        })),
        "live",
        1000,
      );
    const rowIds = (events: KeptEvent[]) =>
      events.map(({ about }) => (about as { row: { rowId: number } }).row.rowId);
    const ids = async (filter: object, from = cursor) =>
      rowIds((await store.events.after(from, { ...all, ...filter })).events);
    expect(await ids({ chats: ["chat:2"] })).toEqual([1, 3, 5]);
    expect(await ids({ accounts: ["work"] })).toEqual([3, 6]);
    expect(await ids({ accounts: ["work"], chats: ["chat:2"] })).toEqual([3]);
    expect(await ids({ types: ["sent"] })).toEqual([]);
    expect(await ids({ chats: [] })).toEqual([]);
    const page = await store.events.after(cursor, { limit: 2, chats: ["chat:2"] });
    expect([rowIds(page.events), page.cursor]).toEqual([[1, 3], cursor + 3]);
    const rest = await store.events.after(page.cursor, { limit: 2, chats: ["chat:2"] });
    expect([rowIds(rest.events), rest.cursor]).toEqual([[5], cursor + 6]);
  });

  it("keeps where each reader is, and what it noted, and no other's", async () => {
    const { store, cursor } = await read();
    const other = await store.events.follow("other", 1500);
    await store.events.advance("reader", cursor + 5, { failing: true });
    await store.events.advance("reader", cursor + 6);
    expect(await store.events.advance("nobody", 9)).toBe(false);
    expect(await store.events.advance("other", 9, undefined, other.cursor + 1)).toBe(false);
    expect(await store.events.advance("reader", cursor + 6, undefined, cursor + 6)).toBe(true);
    const reader = { name: "reader", cursor: cursor + 6, since: 1000, memory: { failing: true } };
    expect(await store.events.readers()).toEqual([other, reader]);
    expect(await bench.store().events.follow("reader", 9000)).toEqual(reader);
  });

  it("forgets old events with a gap for who had not read them, and goes on with the rest", async () => {
    const { store, claim, cursor } = await read();
    for (let rowId = 1; rowId <= 4; rowId++)
      await store.journal.admit(claim, [row(rowId)], "live", rowId * 1000);
    expect(await Promise.all([0, 2500, 3000, 9000].map((at) => store.events.cursorAt(at)))).toEqual(
      [0, 2, 2, 4].map((count) => cursor + count),
    );
    expect(await store.events.forget(3000)).toBe(2);
    expect(await store.events.forget(3000)).toBe(0);
    const late = await store.events.after(cursor + 1, all);
    expect([late.events.map(({ id }) => id), late.gap]).toEqual([
      [cursor + 3, cursor + 4],
      { upTo: cursor + 2 },
    ]);
    expect((await store.events.after(cursor + 2, all)).gap).toBeUndefined();
    expect(await store.events.forget(9000, async () => false)).toBe(0);
    // Ids rise on, though everything is gone.
    expect(await store.events.forget(9000)).toBe(2);
    const again = bench.store();
    await again.journal.admit(claim, [row(5)], "live", 9000);
    expect((await again.events.after(cursor + 4, all)).events.map(({ id }) => id)).toEqual([cursor + 5]);
  });

  it("takes no steps over ids that nothing has", async () => {
    const { store, claim, cursor } = await read();
    const admit = (first: number, count: number, at: number) => {
      const rows = Array.from({ length: count }, (_, index) => row(first + index));
      return store.journal.admit(claim, rows, "live", at);
    };
    await admit(1, 1, 9000);
    await admit(2, 1100, 1000);
    await admit(1102, 1, 9000);
    expect(await store.events.forget(2000)).toBe(1100);
    let steps = 0;
    expect(await store.events.forget(2000, async () => ++steps > 0)).toBe(0);
    expect(steps).toBe(2);
    expect((await store.events.after(cursor, all)).events.map(({ id }) => id - cursor)).toEqual([1, 1102]);
  });

  it("counts what came after a cursor, and no ids that nothing has", async () => {
    const { store, claim, cursor } = await read();
    await store.journal.admit(claim, [row(1), row(2)], "live", 1000);
    // Whatever happens before somebody reads again leaves ids out.
    await store.events.unfollow("reader");
    await store.journal.admit(claim, [row(3)], "live", 1000);
    const { cursor: later } = await store.events.follow("reader", 2000);
    const [id] = (await store.journal.admit(claim, [row(4)], "live", 2000)) as [number];
    expect((await store.events.newest()) - cursor).toBeGreaterThan(3);
    const counted = (...cursors: number[]) =>
      Promise.all(cursors.map((each) => store.events.countAfter(each)));
    expect(await counted(0, cursor, cursor + 1, later, later + 1)).toEqual([3, 3, 2, 1, 0]);
    await store.journal.decide(claim, id, drop, 2000);
    expect(await counted(cursor, later + 1, 99_999)).toEqual([4, 1, 4]);
    await store.events.forget(1500);
    expect(await counted(cursor, later)).toEqual([2, 2]);
  });

  it("gives a reader of another state all there is, and says so", async () => {
    const { store, claim, cursor } = await read();
    await store.journal.admit(claim, [row(1)], "live", 1000);
    const { events, gap, cursor: end } = await store.events.after(99_999, all);
    expect([events.length, gap, end]).toEqual([1, { upTo: cursor + 1 }, cursor + 1]);
  });

  it("forgets a person's words and address in events, and nobody else's", async () => {
    const { store, claim, cursor } = await read();
    const ben = "+15550100082";
    for (const [index, handle] of [mia, ben].entries()) {
      const { chat } = row(1);
      const own = { ...chat, id: 20 + index, identifier: handle, participants: [handle] };
      const said = { ...row(1 + index, { from: handle, text: `words of ${handle}` }), chat: own };
      const [id] = (await store.journal.admit(claim, [said], "live", 1000)) as [number];
      await store.journal.decide(claim, id, drop, 1000);
      const target = { kind: "handle" as const, handle, service: "auto" as const };
      const to = { target, chatKey: `handle:${handle}` };
      await store.outbox.add("default", item(`words to ${handle}`, 0, to), 1000);
      const [taken] = await store.outbox.take(claim, 1, 1000);
      await store.outbox.settle(taken!.claim, { state: "stored" }, 1000);
    }
    const before = (await store.events.after(cursor, all)).events;
    expect(JSON.stringify(before.slice(0, 3))).toContain(mia);
    await store.people.forget((each) => each === mia, 2000);
    const { events, gap } = await store.events.after(cursor, all);
    expect(JSON.stringify(events)).not.toContain(mia);
    expect([gap, told(events)]).toEqual([
      undefined,
      [
        ["message", "default", "chat:20", "live"],
        ["decision", "default", "chat:20", "drop dm_not_allowed"],
        ["sent", "default", undefined, "stored"],
        ["message", "default", "chat:21", "live"],
        ["decision", "default", "chat:21", "drop dm_not_allowed"],
        ["sent", "default", `handle:${ben}`, "stored"],
      ],
    ]);
    expect(events.slice(3)).toEqual(before.slice(3));
  });

  it("wakes who waits for events at once, also by what another process did, and by nothing else of its own", async () => {
    const { store, claim, cursor } = await read();
    let heard = 0;
    let wake = () => {};
    const next = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    const stop = store.watch("events", () => {
      heard++;
      wake();
    });
    const [id] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as [number];
    expect(heard).toBe(1);
    await store.outbox.add("default", item("waits"), 1000);
    expect(heard).toBe(1);
    const waiting = next();
    await bench.store().journal.decide(claim, id, drop, 1000);
    await waiting;
    expect((await store.events.after(cursor, all)).events).toHaveLength(2);
    stop();
  });
}
