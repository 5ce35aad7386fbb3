import { expect, it } from "vitest";
import { chatOf } from "../../test/support/send-bench.js";
import { listedChat, listedChats } from "./listed-chat.js";

it("looks for a chat among as many as one list gives in time", async () => {
  const limits: number[] = [];
  const known = [chatOf(8, "+15550100456"), chatOf(7, "+15550100123")];
  const chats = async (limit: number) => {
    limits.push(limit);
    return known;
  };
  expect(await listedChat(7, chats)).toBe(known[1]);
  expect(await listedChat(9, chats)).toBeUndefined();
  expect(await listedChats(chats)).toBe(known);
  expect(limits).toEqual([1000, 1000, 1000]);
});
