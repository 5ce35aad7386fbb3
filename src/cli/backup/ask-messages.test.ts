import { expect, it } from "vitest";
import { Bench, dispatch, row } from "../../../test/contract/store/bench.js";
import { chatOf } from "../../../test/support/send-bench.js";
import { BridgeError, type HistoryQuery, type MacReader } from "../../bridge/index.js";
import { openStore } from "../../store/index.js";
import { askMessages } from "./ask-messages.js";

const bench = new Bench(openStore);
const now = Date.now();

/** A state in which a message of chat 7 was in work, which was answered since; chat 8 is quiet. @param busy how often chat 7 is not read */
async function asked(busy: number) {
  const { store, claim } = await bench.claimed();
  const chats = [chatOf(7, "+15550100007"), chatOf(8, "+15550100008")];
  const question = row(1, { chat: chats[0]!, sentAt: now - 5000 });
  const [entry] = await store.journal.admit(claim, [question], "live", now);
  await store.journal.decide(claim, entry!, dispatch, now);
  const answer = row(2, { chat: chats[0]!, sentAt: now - 1000, fromMe: true });
  let left = busy;
  const reader: MacReader = {
    chats: async () => chats,
    history: async ({ chatId }: HistoryQuery) => {
      if (chatId === 8) return [];
      if (left-- > 0)
        throw new BridgeError("SERVER_BUSY", "busy", { answered: true, disposition: "not_sent" });
      return [question, answer];
    },
  };
  const mac = { look: <T>(work: (reader: MacReader) => Promise<T>) => work(reader) };
  const told = askMessages({ id: "default" }, store, { takenAt: now - 3000, mac });
  return { told, id: entry, answer };
}

it("asks once more for a chat that is not read, and takes it for unanswered by no means", async () => {
  // The first question for chat 7 is about its database, and passes over what cannot be read.
  const { told, id, answer } = await asked(2);
  expect((await told).settled).toMatchObject({ aside: [id], own: [answer] });
  await bench.clear();
  const { told: untold } = await asked(Number.POSITIVE_INFINITY);
  await expect(untold).rejects.toMatchObject({
    code: "RESTORE_UNASKED",
    message: "the history of chat_id:7 cannot be read",
  });
});
