import { afterEach, expect, it } from "vitest";
import { Bench, row } from "../../../test/contract/store/bench.js";
import { directChat } from "../../../test/support/message.js";
import type { ApiDeps } from "../../api/index.js";
import { Reach } from "../../api/serving/index.js";
import { parseConfig } from "../../config/index.js";
import { openStore } from "../../store/index.js";
import { chatRoutes } from "./chats.js";

const bench = new Bench(openStore);
afterEach(() => bench.clear());

it("draws a conversation without the one that had its number in an earlier database", async () => {
  const { store, claim } = await bench.claimed();
  const [mia, sam] = ["+15550100123", "+15550100321"];
  const now = { ...directChat(mia), id: 7 };
  const family = { ...now, guid: "iMessage;+;chat1", identifier: "chat1", isGroup: true };
  const chats = [family, { ...directChat(sam), id: 8 }, now];
  for (const [index, chat] of chats.entries())
    await store.journal.admit(claim, [row(index + 1, { chat, from: sam })], "live", 1000);
  const parsed = await parseConfig("{}");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const api = { store, config: () => config } as unknown as ApiDeps;
  const list = chatRoutes(store).find(({ id }) => id === "listBubbles")!.handle as unknown as (
    request: object,
  ) => Promise<{ items: { text: string }[] }>;
  const drawn = async (chat: string) => {
    const reach = new Reach({}, config, store);
    return (await list({ query: { chat, limit: 50 }, reach, api })).items.map(({ text }) => text);
  };
  expect([await drawn("chat_id:7"), await drawn(mia)]).toEqual([["text 3"], ["text 3"]]);
  expect(await drawn("chat_id:8")).toEqual(["text 2"]);
});
