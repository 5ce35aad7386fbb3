import { expect, it } from "vitest";
import { type Bridge, BridgeError } from "../../src/bridge/index.js";
import type { MessageRow } from "../../src/conversation/index.js";
import { reconcile } from "../../src/outbound/reconcile.js";
import { err } from "../../src/platform/index.js";
import { openStore } from "../../src/store/index.js";
import { Bench, dispatch, item, row } from "../contract/store/bench.js";
import { FakeClock } from "../support/fake-clock.js";
import { directChat } from "../support/message.js";
import { bridgeOver, senderOf } from "../support/sender-lab.js";

const bench = new Bench(openStore);

it("finds a send in the other chat of the same person, and in nobody else's", async () => {
  const { taken, store } = await inDoubt("the answer");
  const chat = (id: number, handle: string, service: string) => ({ ...directChat(handle, service), id });
  const [named, sms, other] = [
    chat(7, "+15550100123", "iMessage"),
    chat(9, "+15550100123", "SMS"),
    chat(11, "+15550100456", "SMS"),
  ];
  const landedIn = (place: typeof named) =>
    reconcile(
      taken.item,
      {
        chats: async () => [named, sms, other],
        history: async ({ chatId }: { chatId: number }) =>
          chatId === place.id ? [row(60, { fromMe: true, text: "the answer", chat: place })] : [],
      } as unknown as Bridge,
      store,
      2000,
    );
  expect(await landedIn(sms)).toMatchObject({ state: "stored", rowId: 60 });
  expect(await landedIn(other)).toMatchObject({ state: "retry" });
});

async function inDoubt(text: string, floor = 50) {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, floor);
  await store.outbox.add("default", item(text), 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  return { store, claim, taken: taken! };
}

it("finds a send behind everything that its chat has gained since", async () => {
  const { store, taken } = await inDoubt("ok");
  const others = Array.from({ length: 300 }, (_, index) => row(52 + index));
  const mine = row(51, { fromMe: true, text: "ok" });
  expect(await reconcile(taken.item, bridgeOver([mine, ...others]), store, 2000)).toMatchObject({
    state: "stored",
    rowId: 51,
  });
  expect(await reconcile(taken.item, bridgeOver(others), store, 2000)).toMatchObject({ state: "retry" });
});

it("repeats nothing when the chat has gained more than can be read", async () => {
  const { store, taken } = await inDoubt("ok");
  const others = Array.from({ length: 20_000 }, (_, index) => row(52 + index));
  expect(await reconcile(taken.item, bridgeOver(others), store, 2000)).toMatchObject({ state: "unknown" });
});

it("does not take the row of an earlier message that says the same", async () => {
  const { store, claim, taken: first } = await inDoubt("ok");
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  await store.outbox.settle(first.claim, { state: "accepted" }, 1000);
  await store.outbox.add("default", item("ok"), 1000);
  // Handed over by a gateway that died before the bridge heard of it.
  const [second] = await store.outbox.take(claim, 1, 1000);
  const { claim: next } = await store.accounts.claim("default", "node-2");
  const sent: string[] = [];
  const settled = new Map<number, string>();
  const bridge = bridgeOver([row(51, { fromMe: true, text: "ok" })], sent);
  const clock = new FakeClock(2000);
  const sender = senderOf(store, next, bridge, clock, (id, state) => settled.set(id, state));
  sender.start();
  await clock.advanceUntil(
    () => settled.get(first.item.id) === "stored" && settled.get(second!.item.id) === "accepted",
  );
  await sender.stop();
  expect(sent).toEqual(["ok"]);
});

it("never repeats what imsg still works on, and says so when its row does not come", async () => {
  const { store, claim } = await bench.claimed();
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  await store.outbox.add("default", item("ok"), 1000);
  let sent = 0;
  const send: Bridge["send"] = async () => {
    sent++;
    return err(new BridgeError("STILL_IN_FLIGHT", "imsg still works on it", { disposition: "unknown" }));
  };
  const states: string[] = [];
  const clock = new FakeClock(2000);
  const sender = senderOf(store, claim, { ...bridgeOver([]), send }, clock, (_, state) => states.push(state));
  sender.start();
  await clock.advanceUntil(() => states.includes("unknown"));
  await sender.stop();
  expect({ sent, states }).toEqual({ sent: 1, states: ["accepted", "unknown"] });
});

it("calls no send unknown after a sleep before what came meanwhile was read", async () => {
  const { store, claim } = await bench.claimed();
  const [admitted] = await store.journal.admit(claim, [row(40)], "live", 1000);
  await store.journal.decide(claim, admitted!, dispatch, 1000);
  await store.outbox.add("default", item("ok"), 1000);
  const rows: MessageRow[] = [];
  const states: string[] = [];
  const clock = new FakeClock(2000);
  const sender = senderOf(store, claim, bridgeOver(rows), clock, (_, state) => states.push(state));
  sender.start();
  await clock.advanceUntil(() => states.includes("accepted"));
  // Four of its five looks.
  await clock.advance(4 * 3000);
  await clock.jump(3600_000);
  await clock.jump(0);
  expect(states).toEqual(["accepted"]);
  rows.push(row(51, { fromMe: true, text: "ok" }));
  await clock.advanceUntil(() => states.length > 1);
  await sender.stop();
  expect(states).toEqual(["accepted", "stored"]);
});

it.each([
  ["another of the person's chats", { kind: "handle", handle: "+15550100123", service: "auto" }],
  ["the chat under another form of its GUID", { kind: "chat_guid", guid: "iMessage;-;+15550100123" }],
  ["the chat under its bare identifier", { kind: "chat_identifier", identifier: "any;-;+15550100123" }],
] as const)("finds a send that landed in %s", async (_, target) => {
  const { store, claim } = await bench.claimed();
  await store.accounts.setCursor(claim, 50);
  await store.outbox.add("default", { ...item("ok"), target, chatKey: "here" }, 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  const chat = (id: number, guid: string) => ({
    id,
    guid,
    identifier: "+15550100123",
    name: "",
    participants: ["+15550100123"],
    isGroup: false,
  });
  const bridge = {
    ...bridgeOver([]),
    chats: async () => [chat(3, "SMS;-;+15550100123"), chat(4, "any;-;+15550100123")],
    history: async ({ chatId }) => (chatId === 4 ? [row(51, { fromMe: true, text: "ok" })] : []),
  } as Partial<Bridge> as Bridge;
  expect(await reconcile(taken!.item, bridge, store, 2000)).toMatchObject({ state: "stored", rowId: 51 });
});
