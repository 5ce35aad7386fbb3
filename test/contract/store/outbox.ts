import { expect, it } from "vitest";
import { about, type Bench, item, openTurn, row } from "./bench.js";

const error = { code: "SERVER_BUSY" as const, message: "busy" };

export function outboxContract(bench: Bench): void {
  it("hands out one item per chat, in order, and none of a chat with one under way", async () => {
    const { store, claim } = await bench.claimed();
    for (const [text, chat] of [
      ["a1", 1],
      ["a2", 1],
      ["b1", 2],
      ["c1", 3],
    ] as const)
      await store.outbox.add("default", item(text, chat), 1000);
    const first = await store.outbox.take(claim, 2, 1000);
    expect(first.map((taken) => taken.item.text)).toEqual(["a1", "b1"]);
    expect(first[0]!.item).toMatchObject({ state: "sending", attempts: 1, takenAt: 1000 });
    expect((await store.outbox.take(claim, 9, 1000)).map((taken) => taken.item.text)).toEqual(["c1"]);
    expect(await store.outbox.take(claim, 9, 1000)).toEqual([]);
    await store.outbox.settle(first[0]!.claim, { state: "stored", guid: "S1", rowId: 51 }, 1001);
    expect((await store.outbox.take(claim, 9, 1001)).map((taken) => taken.item.text)).toEqual(["a2"]);
    expect((await store.outbox.findSent("default", { guid: "S1", rowId: -1 }))?.text).toBe("a1");
    expect((await store.outbox.findSent("default", { guid: "", rowId: 51 }))?.text).toBe("a1");
    expect(await store.outbox.findSent("default", { guid: "", rowId: 52 })).toBeUndefined();
    expect(await store.outbox.counts("default")).toMatchObject({ sending: 3, stored: 1, pending: 0 });
  });

  it("stops what waits of answers in one chat, and nothing else", async () => {
    const { store, claim } = await bench.claimed();
    const add = (text: string, chat: number, origin: "turn" | "command" = "turn") =>
      store.outbox.add("default", item(text, chat, { origin }), 1000);
    const ids = [await add("a1", 1), await add("a2", 1), await add("a3", 1), await add("told", 1, "command")];
    ids.push(await add("b1", 2));
    const [sending] = await store.outbox.take(claim, 1, 1000);
    expect(await store.outbox.stopAnswers("default", ["chat:1", sending!.item.chatKey], 2000)).toBe(2);
    expect(await store.outbox.stopAnswers("other", [sending!.item.chatKey], 2000)).toBe(0);
    const items = await store.outbox.getAll(ids);
    expect(items.map(({ state }) => state)).toEqual([
      "sending",
      "not_sent",
      "not_sent",
      "pending",
      "pending",
    ]);
    expect(items[1]?.error).toMatchObject({ code: "STOPPED" });
    await store.outbox.settle(sending!.claim, { state: "stored" }, 3000);
    expect((await store.outbox.take(claim, 1, 3000)).map((taken) => taken.item.text)).toEqual(["told"]);
  });

  it("does not put back what was stopped while it was sent, also when the next owner settles it", async () => {
    const { store, claim } = await bench.claimed();
    const add = (chat: number) => store.outbox.add("default", item("a", chat, { origin: "turn" }), 1000);
    const ids = [await add(1), await add(2), await add(3), await add(4)];
    const taken = await store.outbox.take(claim, 9, 1000);
    const keys = taken.slice(0, 3).map(({ item: { chatKey } }) => chatKey);
    expect(await store.outbox.stopAnswers("default", keys, 2000)).toBe(0);
    const retry = { state: "retry" as const, dueAt: 3000, error };
    expect(await store.outbox.settle(taken[0]!.claim, retry, 2500)).toBe("stopped");
    expect(await store.outbox.settle(taken[0]!.claim, retry, 2500)).toBe("stopped");
    // What went out went out.
    expect(await store.outbox.settle(taken[1]!.claim, { state: "stored", guid: "S" }, 2500)).toBe("ok");
    expect(await store.outbox.settle(taken[3]!.claim, retry, 2500)).toBe("ok");
    const { claim: next } = await bench.store().accounts.claim("default", "node-2");
    const [doubt] = await store.outbox.reconcilable(next);
    expect(await store.outbox.settle(doubt!.claim, retry, 2600)).toBe("stopped");
    const items = await store.outbox.getAll(ids);
    expect(items.map(({ state, error: why }) => [state, why?.code])).toEqual([
      ["not_sent", "STOPPED"],
      ["stored", undefined],
      ["not_sent", "STOPPED"],
      ["pending", "SERVER_BUSY"],
    ]);
  });

  it("hands out what is urgent before what waits in its chat, not beside what is under way", async () => {
    const { store, claim } = await bench.claimed();
    for (const text of ["a1", "a2"]) await store.outbox.add("default", item(text), 1000);
    const [first] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.add("default", item("now", 7, { urgent: true }), 1000);
    expect(await store.outbox.take(claim, 9, 1000)).toEqual([]);
    await store.outbox.settle(first!.claim, { state: "retry", dueAt: 9000, error }, 1000);
    expect(await store.outbox.nextDue("default", 1000)).toBe(1000);
    const [urgent] = await store.outbox.take(claim, 9, 1000);
    expect(urgent!.item).toMatchObject({ text: "now", urgent: true });
    await store.outbox.settle(urgent!.claim, { state: "stored", guid: "S" }, 1000);
    expect(await store.outbox.take(claim, 9, 1000)).toEqual([]);
    expect((await store.outbox.take(claim, 9, 9000)).map((taken) => taken.item.text)).toEqual(["a1"]);
  });

  it("puts a refused item back until it is due, and holds up its chat meanwhile", async () => {
    const { store, claim } = await bench.claimed();
    const id = await store.outbox.add("default", item("a1", 1), 1000);
    await store.outbox.add("default", item("a2", 1), 1000);
    const [taken] = await store.outbox.take(claim, 9, 1000);
    // A backoff by chance is no whole number of milliseconds.
    expect(await store.outbox.settle(taken!.claim, { state: "retry", dueAt: 1499.4, error }, 1000)).toBe(
      "ok",
    );
    expect(await store.outbox.nextDue("default", 1200)).toBe(1500);
    expect(await store.outbox.take(claim, 9, 1499)).toEqual([]);
    const [again] = await store.outbox.take(claim, 9, 1500);
    expect(again).toMatchObject({ item: { id, attempts: 2, error }, claim: { attempt: 2 } });
    expect(await store.outbox.nextDue("default", 1500)).toBeUndefined();
  });

  it("lets nothing wait for an hour that comes twice because the clock was set back", async () => {
    const { store, claim } = await bench.claimed();
    await store.outbox.add("default", item("tried", 1), 1000);
    const [taken] = await store.outbox.take(claim, 9, 10_000);
    await store.outbox.settle(taken!.claim, { state: "retry", dueAt: 12_000, error }, 10_000);
    await store.outbox.add("default", item("new", 2), 10_000);
    expect(await store.outbox.nextDue("default", 5000)).toBe(5000);
    const again = await store.outbox.take(claim, 9, 5000);
    expect(again.map(({ item: { text } }) => text)).toEqual(["tried", "new"]);
    // By the new clock it waits its time like any other.
    await store.outbox.settle(again[0]!.claim, { state: "retry", dueAt: 7000, error }, 5000);
    expect(await store.outbox.nextDue("default", 5001)).toBe(7000);
    expect(await store.outbox.take(claim, 9, 5001)).toEqual([]);
  });

  it("keeps the floor of the first try: an own row that an earlier try left lies above it", async () => {
    const { store, claim } = await bench.claimed();
    await store.accounts.setCursor(claim, 40);
    await store.outbox.add("default", item("a1", 1), 1000);
    const [taken] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(taken!.claim, { state: "retry", dueAt: 1000, error }, 1000);
    await store.accounts.setCursor(claim, 60);
    expect((await store.outbox.take(claim, 9, 1000))[0]!.item.floorRow).toBe(40);
  });

  it("lowers the floor of what is on its way when the database is another one, and of nothing else", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: work } = await store.accounts.claim("work", "node-1");
    for (const each of [claim, work]) await store.accounts.setCursor(each, 5000);
    const add = (text: string, chat: number, account = "default") =>
      store.outbox.add(account, item(text, chat), 1000);
    const ids = [await add("held back", 1), await add("in doubt", 2), await add("accepted", 3)];
    ids.push(await add("stored", 4), await add("theirs", 5, "work"));
    const taken = await store.outbox.take(claim, 9, 1000);
    await store.outbox.take(work, 9, 1000);
    await store.outbox.settle(taken[0]!.claim, { state: "retry", dueAt: 1000, error }, 1000);
    await store.outbox.settle(taken[2]!.claim, { state: "accepted" }, 1000);
    await store.outbox.settle(taken[3]!.claim, { state: "stored", guid: "G" }, 1000);
    const floors = async () => (await store.outbox.getAll(ids)).map(({ floorRow }) => floorRow);
    // A claim that was lost changes nothing.
    await store.accounts.setCursor({ ...claim, fence: claim.fence - 1 }, 7);
    expect(await floors()).toEqual([5000, 5000, 5000, 5000, 5000]);
    await store.accounts.setCursor(claim, 1000);
    expect(await floors()).toEqual([1000, 1000, 1000, 5000, 5000]);
    // The next try keeps it, also behind rows that came since.
    await store.journal.admit(claim, [row(1020)], "live", 1000);
    expect((await store.outbox.take(claim, 9, 1000))[0]!.item).toMatchObject({
      text: "held back",
      floorRow: 1000,
    });
  });

  it("answers a repeated settlement with ok, and a different one with lost", async () => {
    const { store, claim } = await bench.claimed();
    await store.outbox.add("default", item("a1", 1), 1000);
    const [taken] = await store.outbox.take(claim, 9, 1000);
    const settle = (state: "stored" | "delivered") => store.outbox.settle(taken!.claim, { state }, 1000);
    expect(await settle("stored")).toBe("ok");
    expect(await settle("stored")).toBe("ok");
    expect(await settle("delivered")).toBe("lost");
    expect(await store.outbox.settle(taken!.claim, { state: "retry", dueAt: 1, error }, 1000)).toBe("lost");
    expect((await store.outbox.counts("default")).pending).toBe(0);
  });

  it("takes what ended as unknown for stored when its row turns up, and for nothing else", async () => {
    const { store, claim } = await bench.claimed();
    const id = await store.outbox.add("default", item("a1", 1), 1000);
    const [taken] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(taken!.claim, { state: "unknown", error }, 1000);
    expect(await store.outbox.settle(taken!.claim, { state: "retry", dueAt: 1, error }, 1001)).toBe("lost");
    expect(await store.outbox.settle(taken!.claim, { state: "stored", guid: "G", rowId: 51 }, 1002)).toBe(
      "ok",
    );
    expect(await store.outbox.get(id)).toMatchObject({ state: "stored", guid: "G", rowId: 51 });
    expect(await store.outbox.get(id)).not.toHaveProperty("error");
  });

  it("lets the chat go on behind an accepted item, and lists it until its row is seen", async () => {
    const { store, claim } = await bench.claimed();
    await store.outbox.add("default", item("a1", 1), 1000);
    await store.outbox.add("default", item("a2", 1), 1000);
    const [first] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(first!.claim, { state: "accepted" }, 1001);
    expect((await store.outbox.accepted("default")).map((taken) => taken.item)).toMatchObject([
      { text: "a1", acceptedAt: 1001, state: "sending" },
    ]);
    expect(await store.outbox.reconcilable(claim)).toEqual([]);
    expect((await store.outbox.take(claim, 9, 1001)).map((taken) => taken.item.text)).toEqual(["a2"]);
    const { recent } = await store.gate.about(about(row(1), 1001, { chatKeys: ["chat:1"] }));
    expect(recent.map(({ text }) => text)).toEqual(expect.arrayContaining(["a1", "a2"]));
    await store.outbox.settle(first!.claim, { state: "stored", guid: "S1" }, 1002);
    expect(await store.outbox.accepted("default")).toEqual([]);
  });

  it("names what an earlier owner left in doubt; the new one may settle it", async () => {
    const { store, claim } = await bench.claimed();
    await store.outbox.add("default", item("a1", 1), 1000);
    await store.outbox.add("default", item("a2", 1), 1000);
    await store.outbox.take(claim, 9, 1000);
    expect(await store.outbox.reconcilable(claim)).toEqual([]);
    const { claim: next } = await bench.store().accounts.claim("default", "node-2");
    const doubt = await store.outbox.reconcilable(next);
    expect(doubt.map((taken) => taken.item.text)).toEqual(["a1"]);
    expect(await store.outbox.take(next, 9, 1000)).toEqual([]);
    expect(await store.outbox.settle(doubt[0]!.claim, { state: "retry", dueAt: 1000, error }, 1000)).toBe(
      "ok",
    );
    expect((await store.outbox.take(next, 9, 1000)).map((taken) => taken.item.text)).toEqual(["a1"]);
    expect(await store.outbox.reconcilable(next)).toEqual([]);
    // What the earlier owner says now of its own try is too late.
    expect(
      await store.outbox.settle({ ...doubt[0]!.claim, fence: claim.fence }, { state: "stored" }, 1000),
    ).toBe("lost");
  });

  it("gives up the rest of an answer with the part that failed, and nothing else", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    const [running] = await store.turns.claim("node-1", 1, 1000);
    await store.turns.end(
      running!.claim,
      { outcome: "done", replies: ["1", "2", "3"].map((text) => item(text, 7)) },
      1000,
      false,
    );
    await store.outbox.add("default", item("other", 7), 1000);
    const [first] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(first!.claim, { state: "stored" }, 1000);
    const [second] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(second!.claim, { state: "not_sent", error }, 1000);
    expect((await store.outbox.ofTurn("t1")).map(({ state }) => state)).toEqual([
      "stored",
      "not_sent",
      "not_sent",
    ]);
    expect((await store.outbox.ofTurn("t1"))[2]!.error?.code).toBe("EARLIER_PART_FAILED");
    expect((await store.outbox.take(claim, 9, 1000)).map((taken) => taken.item.text)).toEqual(["other"]);
  });

  it("gives up what an answer says after a part of it was given up, but not that its agent failed", async () => {
    const { store, claim } = await bench.claimed();
    const running = async (id: string, row: number, chat: number) => {
      await openTurn(store, claim, id, [row], id);
      const [one] = await store.turns.claim("node-1", 1, 1000);
      await store.turns.emit(one!.claim, [item(`${id} first`, chat)], 0, 1000);
      return one!.claim;
    };
    const claims = [await running("a", 1, 1), await running("b", 2, 2), await running("c", 3, 3)];
    const taken = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(taken[0]!.claim, { state: "not_sent", error }, 1000);
    await store.outbox.settle(taken[1]!.claim, { state: "unknown", error }, 1000);
    await store.outbox.settle(taken[2]!.claim, { state: "stored" }, 1000);
    for (const [index, one] of claims.entries())
      await store.turns.emit(one, [item("second", index + 1)], 1, 2000);
    const end = { outcome: "done" as const, replies: [item("third", 1)], firstOrdinal: 2 };
    await store.turns.end(claims[0]!, end, 2000, false);
    const failed = { outcome: "failed" as const, replies: [item("sorry", 2)], firstOrdinal: 2 };
    await store.turns.end(claims[1]!, failed, 2000, false);
    await store.turns.end(claims[2]!, end, 2000, false);
    const states = async (id: string) => (await store.outbox.ofTurn(id)).map(({ state }) => state);
    expect(await states("a")).toEqual(["not_sent", "not_sent", "not_sent"]);
    expect(await states("b")).toEqual(["unknown", "not_sent", "pending"]);
    expect(await states("c")).toEqual(["stored", "pending", "pending"]);
    expect((await store.outbox.ofTurn("a"))[1]!.error?.code).toBe("EARLIER_PART_FAILED");
  });

  it.each(["not_sent", "unknown"] as const)(
    "gives up the rest of what one action sends with the part that is %s, and nothing of another",
    async (state) => {
      const { store, claim } = await bench.claimed();
      const begin = async (name: string, parts: string[], key: string) => {
        const action = { account: "default", chat: "chat_id:7", name, parameters: {}, key };
        const sends = parts.map((text) => item(text, 7, { strict: true }));
        return (await store.actions.begin(action, 0, sends, 1000)).items;
      };
      const ids = [
        ...(await begin("before", ["a1", "a2"], "k1")),
        ...(await begin("reply", ["b1", "b2", "b3"], "k2")),
        ...(await begin("after", ["c1", "c2"], "k3")),
        await store.outbox.add("default", item("other", 7), 1000),
      ];
      for (const wanted of ["a1", "b1"]) {
        const [taken] = await store.outbox.take(claim, 9, 1000);
        expect(taken!.item.text).toBe(wanted);
        const outcome = wanted === "b1" ? { state, error } : { state: "stored" as const };
        await store.outbox.settle(taken!.claim, outcome, 1000);
        if (wanted === "b1") break;
        const [next] = await store.outbox.take(claim, 9, 1000);
        await store.outbox.settle(next!.claim, { state: "stored" }, 1000);
      }
      const became = await store.outbox.getAll(ids);
      expect(became.map((each) => each.state)).toEqual([
        ...["stored", "stored"],
        ...[state, "not_sent", "not_sent"],
        ...["pending", "pending", "pending"],
      ]);
      expect(became.map((each) => each.error?.code).slice(2, 5)).toEqual([
        error.code,
        "EARLIER_PART_FAILED",
        "EARLIER_PART_FAILED",
      ]);
      // The form of a part stays what it was.
      expect(became[4]).toMatchObject({ text: "b3", strict: true });
      expect((await store.outbox.take(claim, 9, 1000)).map((taken) => taken.item.text)).toEqual(["c1"]);
    },
  );

  it("lists by account and state, newest first", async () => {
    const { store, claim } = await bench.claimed();
    await store.outbox.add("default", item("a"), 1000);
    await store.outbox.add("work", item("b"), 1000);
    await store.outbox.take(claim, 9, 1000);
    const texts = async (filter: object) =>
      (await store.outbox.list({ limit: 9, ...filter })).map(({ text }) => text);
    expect(await texts({})).toEqual(["b", "a"]);
    expect(await texts({ account: "work" })).toEqual(["b"]);
    expect(await texts({ states: ["sending"] })).toEqual(["a"]);
    expect(await texts({ states: ["stored"] })).toEqual([]);
  });
}
