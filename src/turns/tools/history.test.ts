import { expect, it } from "vitest";
import { directChat, directMessage } from "../../../test/support/message.js";
import type { Bridge } from "../../bridge/index.js";
import type { Store, Turn } from "../../store/index.js";
import { historyOf } from "./history.js";

const mia = "+15550100123";
const turn = {
  account: "default",
  envelope: { chat: { chatId: 7, guid: `iMessage;-;${mia}` } },
} as unknown as Turn;
const rows = [
  directMessage({ text: "hers" }),
  directMessage({ text: "hers too", chat: directChat(mia, "any") }),
  directMessage({ text: "his", from: "+15550100999" }),
];

it.each(["Messages", "the journal"])(
  "shows a turn nothing of another chat with its number: %s",
  async (source) => {
    const bridge = { history: async () => rows } as unknown as Bridge;
    const store = { journal: { list: async () => rows.map((row) => ({ row })) } } as unknown as Store;
    const history = historyOf(turn, () => (source === "Messages" ? bridge : undefined), store)!;
    const texts = (await history.recent(10)).map(({ text }) => text).sort();
    expect(texts).toEqual(["hers", "hers too"]);
    expect((await history.search("h", 10)).map(({ text }) => text).sort()).toEqual(texts);
  },
);
