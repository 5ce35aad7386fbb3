import { expect, it } from "vitest";
import { approveRequest } from "../../src/commands/index.js";
import type { Chat } from "../../src/conversation/index.js";
import { refuseRenumbered } from "../../src/outbound/renumbered.js";
import { openStore } from "../../src/store/index.js";
import { about, Bench, dispatch, item, pairing, row, turn } from "../contract/store/bench.js";

const bench = new Bench(openStore);

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

const mia = "iMessage;-;+15550100123";
const ben = "iMessage;-;+15550100999";

/** Mia's chat was 7; a send for it, in a database whose chat 7 is what the test says. */
async function judged(
  change: {
    origin?: "turn" | "schedule" | "command" | "person" | "pairing";
    chatGuid?: string;
    turnId?: string;
    chatId?: number;
  },
  today: { listed?: string; heard?: string; written?: string; identifier?: string },
) {
  const { store, claim } = await bench.claimed();
  const written = row(51, { text: "hello" });
  written.chat = { ...written.chat, id: 7, guid: mia };
  const [first] = await store.journal.admit(claim, [written], "live", 1000);
  await store.journal.decide(claim, first!, dispatch, 1000);
  const { envelope, ...opened } = turn("t1");
  const chat = { ...envelope.chat, chatId: 7, guid: mia };
  await store.turns.open(claim, { ...opened, envelope: { ...envelope, chat } }, [first!], [], 1000);
  if (today.written) {
    const newer = row(52, { text: "who is this?", sentAt: written.sentAt + 1 });
    newer.chat = { ...newer.chat, id: 7, guid: today.written };
    const [id] = await store.journal.admit(claim, [newer], "live", 2000);
    await store.journal.decide(claim, id!, dispatch, 2000);
  }
  const { chatId = 7, ...others } = change;
  const send = {
    account: "default",
    createdAt: 3000,
    ...item("late", chatId, { origin: "turn" }),
    ...others,
  };
  const chats = async () =>
    today.listed !== undefined
      ? [{ ...written.chat, id: chatId, guid: today.listed, identifier: today.identifier ?? "" } as Chat]
      : [];
  return (await refuseRenumbered(send, store, chats, () => today.heard))?.code ?? "goes";
}

it.each([
  ["the same chat, however its GUID begins", { origin: "schedule" }, { listed: "any;-;+15550100123" }, true],
  ["the same chat by a row of this connection", {}, { heard: mia }, true],
  ["the same chat, listed without a GUID", {}, { listed: "", identifier: "+15550100123" }, true],
  ["another chat, listed without a GUID", {}, { listed: "", identifier: "+15550100999" }, false],
  ["what a person names", { origin: "person" }, { listed: ben }, true],
  ["another chat, right after it was heard from", {}, { listed: ben }, false],
  ["another chat by a row of this connection", {}, { heard: ben }, false],
  ["a chat in which nobody wrote yet", {}, {}, false],
  ["a group", { origin: "schedule" }, { listed: "iMessage;+;chat77" }, false],
  // Who has the number now has written meanwhile: the journal's newest row is theirs.
  ["a turn's answer", { turnId: "t1" }, { heard: ben, written: ben }, false],
  ["a turn's answer in its own chat", { turnId: "t1" }, { heard: mia, written: ben }, true],
  // Where nobody wrote nothing tells who is meant, and the turn's own chat does not either.
  ["a turn's message into another chat", { turnId: "t1", chatId: 8 }, { heard: ben }, true],
  ["a command's answer", { origin: "command", chatGuid: mia }, { heard: ben, written: ben }, false],
  ["a reminder", { origin: "schedule", chatGuid: mia }, { listed: ben, written: ben }, false],
  ["a pairing code", { origin: "pairing", chatGuid: mia }, { heard: ben, written: ben }, false],
] as const)("judges by the conversation, not by its number: %s", async (_, change, today, goes) => {
  expect(await judged(change, today)).toBe(goes ? "goes" : "RECIPIENT_REFUSED");
});

it("tells who was approved in the conversation that asked, and nobody who has its number now", async () => {
  const { store, claim } = await bench.claimed();
  const write = async (rowId: number, chatId: number, guid: string, at: number) => {
    const written = row(rowId);
    written.chat = { ...written.chat, id: chatId, guid };
    const [id] = await store.journal.admit(claim, [written], "live", at);
    return id!;
  };
  const ask = async (rowId: number, chatId: number, guid: string, handle: string, code: string) => {
    const id = await write(rowId, chatId, guid, 1000);
    const request = { handle, code, requestedAt: 1000, expiresAt: 9000, chatId, text: "hi" };
    const reply = item("code", chatId, { origin: "pairing" });
    await store.journal.offerPairing(claim, { id, decision: pairing, request, reply, most: 3 }, 1000);
  };
  await ask(51, 7, mia, "+15550100123", "ABCDEFGH");
  await ask(52, 8, "", "+15550100456", "BCDEFGHJ");
  // Ben has the number of Mia's chat by now.
  await write(53, 7, ben, 2000);
  for (const request of await store.pairing.pending(2000))
    await approveRequest(store, request, { at: 2000, config: undefined, firstOwner: "no", notify: true });
  const notices = (await store.outbox.list({ limit: 9 }))
    .filter(({ origin }) => origin === "approval")
    .reverse();
  expect(notices).toMatchObject([
    { target: { kind: "chat_id", chatId: 7 }, chatKey: "chat:7", chatGuid: mia },
    // Nothing names the chat of that number.
    { target: { kind: "handle", handle: "+15550100456" }, chatKey: "handle:+15550100456" },
  ]);
  const judge = (today: string) =>
    refuseRenumbered(
      notices[0]!,
      store,
      async () => [],
      () => today,
    );
  expect(await judge(ben)).toMatchObject({ code: "RECIPIENT_REFUSED" });
  expect(await judge(mia)).toBeUndefined();
});
