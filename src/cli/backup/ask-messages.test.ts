import { expect, it } from "vitest";
import { Bench, dispatch, item, row } from "../../../test/contract/store/bench.js";
import { chatOf } from "../../../test/support/send-bench.js";
import { BridgeError, type HistoryQuery, type MacReader } from "../../bridge/index.js";
import { type NewOutboxItem, openStore } from "../../store/index.js";
import { askMessages } from "./ask-messages.js";

const bench = new Bench(openStore);
const now = Date.now();

/**
 * A state in which a message of chat 7 was in work, which was answered by "Done." since.
 * @param busy how often chat 7 is not read
 * @param rowId of the message in Messages now; another one than 1 where the database is another
 * @param waiting what waited to be sent
 */
async function asked({ busy = 0, rowId = 1, waiting = [] as NewOutboxItem[] }) {
  const { store, claim } = await bench.claimed();
  const chats = [chatOf(7, "+15550100007"), chatOf(8, "+15550100008")];
  const question = row(1, { chat: chats[0]!, sentAt: now - 5000 });
  const [entry] = await store.journal.admit(claim, [question], "live", now);
  await store.journal.decide(claim, entry!, dispatch, now);
  for (const each of waiting) await store.outbox.add("default", each, now);
  const answer = row(rowId + 1, { chat: chats[0]!, sentAt: now - 1000, fromMe: true, text: "Done." });
  let left = busy;
  const reader: MacReader = {
    chats: async () => chats,
    history: async ({ chatId }: HistoryQuery) => {
      if (chatId === 8) return [];
      if (left-- > 0)
        throw new BridgeError("SERVER_BUSY", "busy", { answered: true, disposition: "not_sent" });
      return [{ ...question, rowId }, answer];
    },
  };
  const mac = { look: <T>(work: (reader: MacReader) => Promise<T>) => work(reader) };
  const told = askMessages({ id: "default", region: "US" }, store, { takenAt: now - 3000, mac });
  return { told, id: entry!, answer };
}

it("asks once more for a chat that is not read, and takes it for unanswered by no means", async () => {
  // The first question for chat 7 is about its database, and passes over what cannot be read.
  const { told, id, answer } = await asked({ busy: 2 });
  expect((await told).settled).toMatchObject({ aside: [id], own: [answer] });
  await bench.clear();
  const { told: untold } = await asked({ busy: Number.POSITIVE_INFINITY });
  await expect(untold).rejects.toMatchObject({
    code: "RESTORE_UNASKED",
    message: "the history of chat_id:7 cannot be read",
  });
});

it.each<[Partial<NewOutboxItem>, { rowId?: number }, boolean]>([
  [{}, {}, true],
  [item("", 8), {}, false],
  [{ target: { kind: "handle", handle: "+15550100007", service: "auto" } }, {}, true],
  [{ target: { kind: "handle", handle: "+15550100008", service: "auto" } }, {}, false],
  [{ target: { kind: "chat_guid", guid: "any;-;+15550100007" } }, { rowId: 500 }, true],
  [{ target: { kind: "chat_identifier", identifier: "+15550100008" } }, {}, false],
  // In another database the number alone tells nothing.
  [{ origin: "person" }, {}, true],
  [{ origin: "person" }, { rowId: 500 }, false],
  [{ origin: "person", chatGuid: "iMessage;-;+15550100007" }, { rowId: 500 }, true],
])("finds what waited by its chat: %j %j", async (change, there, isThatSend) => {
  const waiting = [{ ...item("Done.", 7), ...change, text: "Done." }];
  const { told, id } = await asked({ ...there, waiting });
  expect((await told).settled.aside).toEqual(isThatSend ? [] : [id]);
});
