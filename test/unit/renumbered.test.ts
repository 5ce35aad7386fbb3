import { expect, it } from "vitest";
import type { Chat } from "../../src/conversation/index.js";
import { refuseRenumbered } from "../../src/outbound/renumbered.js";
import { openStore } from "../../src/store/index.js";
import { about, Bench, dispatch, item, row } from "../contract/store/bench.js";

const bench = new Bench(openStore);
const hour = 3600_000;

it("takes no message of a new database for the send that had its number in the old one", async () => {
  const { store, claim } = await bench.claimed();
  await store.outbox.add("default", item("one"), 1000);
  const [taken] = await store.outbox.take(claim, 1, 1000);
  await store.outbox.settle(taken!.claim, { state: "stored", guid: "OLD", rowId: 51 }, 1100);
  expect((await store.gate.about(about(row(51, { text: "hello" }), 1200))).sent).toBeUndefined();
  // Where one of the two GUIDs is not known, the number is what there is.
  expect((await store.gate.about(about(row(51, { guid: "", fromMe: true }), 1200))).sent?.id).toBe(
    taken!.item.id,
  );
});

it.each([
  ["a fresh answer", 0, "turn", "iMessage;-;+15550100999", false],
  ["the same chat, however its GUID begins", hour, "schedule", "any;-;+15550100123", false],
  ["what a person names", hour, "person", "iMessage;-;+15550100999", false],
  ["another chat", hour, "schedule", "iMessage;-;+15550100999", true],
  ["another chat", hour, "turn", "iMessage;+;chat77", true],
] as const)(
  "judges by the conversation, not by its number: %s after %d ms (%s, %s)",
  async (_, age, origin, guid, refused) => {
    const { store, claim } = await bench.claimed();
    const written = row(51, { text: "hello" });
    written.chat = { ...written.chat, id: 7, guid: "iMessage;-;+15550100123" };
    const [id] = await store.journal.admit(claim, [written], "live", 1000);
    await store.journal.decide(claim, id!, dispatch, 1000);
    const send = { account: "default", createdAt: 1000, ...item("late", 7, { origin }) };
    const chats = async () => [{ ...written.chat, guid } as Chat];
    const found = await refuseRenumbered(send, store, 1000 + age, chats);
    expect(found?.code).toBe(refused ? "RECIPIENT_REFUSED" : undefined);
  },
);
