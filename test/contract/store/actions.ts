import { expect, it } from "vitest";
import type { SendOutcome } from "../../../src/store/index.js";
import { type Bench, item, openTurn } from "./bench.js";

const react = {
  account: "default",
  turnId: "t1",
  chat: "chat_id:7",
  name: "react",
  parameters: { emoji: "love" },
};

export function actionContract(bench: Bench): void {
  it("tells a turn that runs again what it did, occasion by occasion", async () => {
    const { store } = await bench.claimed();
    const first = await store.actions.begin(react, 0, [], 1000);
    expect(first.earlier).toBeUndefined();
    expect((await store.actions.begin(react, 0, [], 1001)).earlier).toMatchObject({ state: "running" });
    await store.actions.end(first.id, { state: "done", facts: { guid: "G" } }, 1002);
    expect(await store.actions.begin(react, 0, [], 1003)).toMatchObject({
      id: first.id,
      earlier: { ...react, state: "done", facts: { guid: "G" }, endedAt: 1002 },
    });
    const second = await store.actions.begin(react, 1, [], 1004);
    expect(second.earlier).toBeUndefined();
    expect((await store.actions.ofTurn("t1")).map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it("takes the same in another conversation, or of another turn, for another action", async () => {
    const { store } = await bench.claimed();
    const first = await store.actions.begin(react, 0, [], 1000);
    await store.actions.end(first.id, { state: "done", facts: { guid: "G" } }, 1001);
    const others = [
      { ...react, chat: "chat_id:8" },
      { ...react, turnId: "t2" },
      { ...react, name: "unreact" },
      { ...react, parameters: { emoji: "like" } },
    ];
    for (const other of others) {
      const begun = await store.actions.begin(other, 0, [], 1002);
      expect(begun.earlier, JSON.stringify(other)).toBeUndefined();
      expect(begun.id).not.toBe(first.id);
    }
    // Each is found again, and the first is as it was.
    for (const other of others)
      expect((await store.actions.begin(other, 0, [], 1003)).earlier).toMatchObject({
        ...other,
        beganAt: 1002,
      });
    const again = await store.actions.begin({ ...react, chat: "chat_id:8" }, 1, [], 1004);
    expect(again.earlier).toBeUndefined();
    expect((await store.actions.ofTurn("t2")).map(({ state }) => state)).toEqual(["running"]);
    expect((await store.actions.ofTurn("t1"))[0]).toMatchObject({ state: "done", facts: { guid: "G" } });
  });

  it("is begun by no run that lost its turn, nor is what it would send", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1]);
    await openTurn(store, claim, "t2", [2], "other");
    const [first] = await store.turns.claim("node-1", 1, 2000);
    await store.turns.claim("node-1", 1, 2000);
    const begins = (name: string, run: number, turnId = "t1") =>
      store.actions.begin({ ...react, turnId, run, name }, 0, [item(name)], 2100);
    await begins("a1", 1);
    await store.turns.release(first!.claim);
    await expect(begins("a2", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    const [again] = await store.turns.claim("node-2", 1, 2500);
    await expect(begins("a2", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    // What it did before is not told either: another run goes on from there.
    await expect(begins("a1", 1)).rejects.toMatchObject({ code: "NO_TURN" });
    expect((await begins("a1", 2)).earlier).toMatchObject({ name: "a1" });
    await begins("a3", 2);
    await store.turns.end(again!.claim, { outcome: "done", replies: [] }, 2800, false);
    await expect(begins("a4", 2)).rejects.toMatchObject({ code: "NO_TURN" });
    // What another turn does is its own, as is what no turn asks for.
    await begins("a5", 1, "t2");
    await store.actions.begin(
      { account: "default", chat: "chat_id:7", name: "a6", parameters: {} },
      0,
      [],
      1,
    );
    const kept = (await store.outbox.list({ limit: 9 })).map(({ text }) => text);
    expect(kept.toSorted()).toEqual(["a1", "a3", "a5"]);
    expect((await store.actions.ofTurn("t1")).map(({ name }) => name)).toEqual(["a1", "a3"]);
  });

  it("is begun by no turn that somebody ended, from that commit on, nor is what it would send", async () => {
    const { store, claim } = await bench.claimed();
    await openTurn(store, claim, "t1", [1], "s");
    await openTurn(store, claim, "t2", [2], "other");
    await store.turns.claim("node-1", 9, 2000);
    const begins = (name: string, turnId = "t1") =>
      store.actions.begin({ ...react, turnId, run: 1, name }, 0, [item(name)], 2100);
    await begins("a1");
    await store.turns.requestCancel("s", 2200);
    await expect(begins("a2")).rejects.toMatchObject({ code: "NO_TURN" });
    await begins("a3", "t2");
    expect((await store.outbox.list({ limit: 9 })).map(({ text }) => text).toSorted()).toEqual(["a1", "a3"]);
    expect((await store.actions.ofTurn("t1")).map(({ name }) => name)).toEqual(["a1"]);
  });

  it("finds what was begun under a name in a conversation, by whatever turn", async () => {
    const { store } = await bench.claimed();
    const found = async (chat: string, name: string, account = "default") =>
      (await store.actions.inChat(account, chat, name)).map(({ turnId, state }) => [turnId, state]);
    const { id } = await store.actions.begin(react, 0, [], 1000);
    await store.actions.end(id, { state: "failed", error: { code: "X", message: "x" } }, 1001);
    await store.actions.begin({ ...react, turnId: "t2" }, 0, [], 1002);
    await store.actions.begin({ ...react, chat: "chat_id:8" }, 0, [], 1003);
    expect(await found("chat_id:7", "react")).toEqual([
      ["t1", "failed"],
      ["t2", "running"],
    ]);
    expect(await found("chat_id:8", "react")).toEqual([["t1", "running"]]);
    expect(await found("chat_id:7", "unreact")).toEqual([]);
    expect(await found("chat_id:7", "react", "other")).toEqual([]);
  });

  it("lets what surely failed begin anew, and what a person asks for always", async () => {
    const { store } = await bench.claimed();
    const { id } = await store.actions.begin(react, 0, [], 1000);
    await store.actions.end(id, { state: "failed", error: { code: "X", message: "x" } }, 1001);
    const again = await store.actions.begin(react, 0, [item("once more", 7)], 1002);
    expect(again).toEqual({ id, items: [expect.any(Number)] });
    expect((await store.outbox.get(again.items[0]!))?.text).toBe("once more");
    // It is on its way now: nothing is put into the outbox a second time.
    expect(await store.actions.begin(react, 0, [item("once more", 7)], 1003)).toMatchObject({
      items: again.items,
      earlier: { state: "running", items: again.items },
    });
    expect((await store.outbox.counts("default")).pending).toBe(1);
    const { turnId: _turn, ...byPerson } = react;
    await store.actions.begin(byPerson, 0, [], 1000);
    expect((await store.actions.begin(byPerson, 0, [], 1000)).earlier).toBeUndefined();
  });

  it("begins an action of a key once, until all that it sends has surely not gone", async () => {
    const { store, claim } = await bench.claimed();
    const keyed = {
      account: "default",
      key: "k1",
      chat: "chat_id:7",
      name: "send",
      parameters: { text: "a" },
    };
    expect(await store.actions.ofKey("default", "k1")).toBeUndefined();
    const both = [item("one", 7), item("two", 7)];
    const first = await store.actions.begin(keyed, 0, both, 1000);
    expect(first.items).toHaveLength(2);
    expect(await store.actions.begin({ ...keyed, parameters: {} }, 0, both, 1001)).toMatchObject({
      id: first.id,
      earlier: { key: "k1", items: first.items },
    });
    expect(await store.actions.ofKey("work", "k1")).toBeUndefined();
    const notSent = { state: "not_sent" as const, error: { code: "TARGET_INVALID" as const, message: "no" } };
    const end = async (outcome: SendOutcome, at: number) => {
      const [taken] = await store.outbox.take(claim, 1, at);
      await store.outbox.settle(taken!.claim, outcome, at);
      return taken!.claim;
    };
    const one = await end({ state: "accepted" }, 1002);
    await end(notSent, 1002);
    // A part of it is on its way, whatever was noted of the whole.
    await store.actions.end(first.id, { state: "failed", error: { code: "X", message: "x" } }, 1003);
    expect((await store.actions.begin(keyed, 0, both, 1004)).earlier).toBeDefined();
    await store.outbox.settle(one, notSent, 1005);
    const second = await store.actions.begin(keyed, 0, [item("one", 7)], 1006);
    expect(second).toEqual({ id: first.id, items: [expect.any(Number)] });
    expect(await store.actions.ofKey("default", "k1")).toMatchObject({
      state: "running",
      items: second.items,
    });
    await end({ state: "stored" }, 1007);
    expect((await store.actions.begin(keyed, 0, both, 1008)).earlier).toMatchObject({ items: second.items });
  });
}

export function deliveryContract(bench: Bench): void {
  const facts = { checkedAt: 2000, downgraded: false, failed: false };

  it("keeps the form of a send, and what became of it", async () => {
    const { store, claim } = await bench.claimed();
    const runs = [{ start: 0, length: 2, styles: ["bold" as const] }];
    const form = { runs, effect: "com.apple.x", voice: true, strict: true, replyTo: "R" };
    const id = await store.outbox.add("default", item("a1", 1, form), 1000);
    expect(await store.outbox.get(id)).toMatchObject(form);
    const [taken] = await store.outbox.take(claim, 9, 1000);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: "S1" }, 1001);
    await store.outbox.noteDelivery(id, { ...facts, deliveredAt: 1999, service: "iMessage" });
    expect(await store.outbox.get(id)).toMatchObject({
      state: "delivered",
      delivery: { deliveredAt: 1999, service: "iMessage" },
    });
    expect(await store.outbox.deliveries("default")).toEqual({
      delivered: 1,
      read: 0,
      downgraded: 0,
      failed: 0,
    });
    const plain = await store.outbox.add("default", item("a2", 1), 1000);
    expect(await store.outbox.get(plain)).not.toHaveProperty("runs");
  });

  it("tells the first message of a chat that went as SMS, and what was not delivered", async () => {
    const { store, claim } = await bench.claimed();
    const ids: number[] = [];
    for (const chat of [1, 1, 2]) {
      ids.push(await store.outbox.add("default", item(`a${chat}`, chat), 1000));
      const [taken] = await store.outbox.take(claim, 9, 1000);
      await store.outbox.settle(taken!.claim, { state: "stored" }, 1001);
    }
    const note = (id: number) => store.outbox.noteDelivery(id, { ...facts, downgraded: true });
    expect(await note(ids[0]!)).toEqual({ firstDowngrade: true });
    expect(await note(ids[0]!)).toEqual({ firstDowngrade: false });
    expect(await note(ids[1]!)).toEqual({ firstDowngrade: false });
    expect(await note(ids[2]!)).toEqual({ firstDowngrade: true });
    await store.outbox.noteDelivery(ids[2]!, { ...facts, failed: true });
    expect(await store.outbox.get(ids[2]!)).toMatchObject({
      state: "stored",
      error: { code: "NOT_DELIVERED" },
    });
  });
}
