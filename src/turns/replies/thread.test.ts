import { expect, it } from "vitest";
import type { Store, Turn } from "../../store/index.js";
import { threadOf } from "./thread.js";

const messages = [
  { sid: "a", guid: "GUID-A" },
  { sid: "b", guid: "GUID-B" },
];
const turn = {
  account: "default",
  envelope: { chat: { chatId: 7, isGroup: false }, messages },
} as unknown as Turn;
const entry = (id: number, account: string, chat: number) => ({
  id,
  account,
  row: { guid: `ROW-${id}`, chat: { id: chat } },
});
const rows = [entry(50, "default", 7), entry(51, "default", 8), entry(52, "other", 7)];
const store = {
  journal: {
    get: async (id: number) => rows.find((row) => row.id === id),
    findByGuid: async (guid: string) => rows.find(({ row }) => row.guid === guid),
    list: async () => [],
  },
} as unknown as Store;
const hung = (replyTo?: { id?: string }) =>
  threadOf(turn, [{ text: "x" }, { text: "y", ...(replyTo && { replyTo }) }], { sent: 1 }, store);

it("hangs an answer on the message that the agent asks for, of this chat alone", async () => {
  expect(await hung()).toBeUndefined();
  expect(await hung({})).toBe("GUID-B");
  expect(await hung({ id: "a" })).toBe("GUID-A");
  expect(await hung({ id: "GUID-A" })).toBe("GUID-A");
  expect(await hung({ id: (50).toString(36) })).toBe("ROW-50");
  expect(await hung({ id: "ROW-50" })).toBe("ROW-50");
  for (const id of [(51).toString(36), (52).toString(36), "ROW-51", "ROW-52", "nobody", "ROW-99"])
    expect(await hung({ id })).toBeUndefined();
});
