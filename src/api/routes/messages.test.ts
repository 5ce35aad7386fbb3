import { afterEach, expect, it } from "vitest";
import { Bench, row } from "../../../test/contract/store/bench.js";
import { directChat } from "../../../test/support/message.js";
import { parseConfig } from "../../config/index.js";
import { openStore } from "../../store/index.js";
import type { ApiDeps } from "../deps.js";
import { Reach } from "../reach.js";
import { messageRoutes } from "./messages.js";

const bench = new Bench(openStore);
afterEach(() => bench.clear());

it("tells of all accounts no message behind one that another gateway is still keeping, and of one account all", async () => {
  const { store, claim } = await bench.claimed();
  const { claim: second } = await store.accounts.claim("work", "node-1");
  const [first] = (await store.journal.admit(claim, [row(1)], "live", 1000)) as number[];
  const [later] = (await store.journal.admit(second, [row(2)], "live", 1000)) as number[];
  const parsed = await parseConfig("{ channels: { imessage: { accounts: { default: {}, work: {} } } } }");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const { journal } = store;
  const placedUpTo = async (account: string | undefined) => (account === undefined ? first! : later!);
  const held = new Proxy(journal, {
    get(_, name) {
      const member: unknown = name === "placedUpTo" ? placedUpTo : Reflect.get(journal, name);
      return typeof member === "function" ? member.bind(journal) : member;
    },
  });
  const api = { store: { ...store, journal: held }, config: () => config } as unknown as ApiDeps;
  const list = messageRoutes.find(({ id }) => id === "listMessages")!.handle as (request: object) => Promise<{
    items: { id: number }[];
  }>;
  const told = async (more: object, account?: string) => {
    const query = { order: "oldest", limit: 9, words: "", ...more };
    const reach = new Reach(account === undefined ? {} : { account }, config, store);
    return (await list({ query, reach, api })).items.map(({ id }) => id);
  };
  expect(await told({})).toEqual([first]);
  expect(await told({ order: "newest" })).toEqual([later, first]);
  expect([await told({ account: "work" }), await told({}, "work")]).toEqual([[later], [later]]);
});

it("lists of a conversation nothing of the one that had its number in an earlier database", async () => {
  const { store, claim } = await bench.claimed();
  const [mia, sam] = ["+15550100123", "+15550100321"];
  const family = { ...directChat(mia), id: 7, guid: "iMessage;+;chat1", identifier: "chat1", isGroup: true };
  const says = (rowId: number, chat: typeof family, text: string) =>
    store.journal.admit(claim, [row(rowId, { chat, from: sam, text })], "live", 1000);
  for (let rowId = 1; rowId <= 4; rowId += 1) await says(rowId, family, `family ${rowId}`);
  await says(5, { ...directChat(sam), id: 8 }, "Sam");
  const now = { ...directChat(mia), id: 7 };
  await says(6, now, "Mia 1");
  await says(7, { ...now, guid: `SMS;-;${mia}` }, "Mia 2");
  const parsed = await parseConfig("{}");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const api = { store, config: () => config } as unknown as ApiDeps;
  const reach = new Reach({}, config, store);
  const list = messageRoutes.find(({ id }) => id === "listMessages")!.handle as (
    request: object,
  ) => Promise<{ items: { text: string }[]; next: string | null }>;
  /** Everything, in pages of three. */
  const told = async (more: object) => {
    const texts: string[] = [];
    let cursor: string | undefined;
    for (;;) {
      const query = { order: "newest", limit: 3, words: "", ...more, ...(cursor && { cursor }) };
      const { items, next } = await list({ query, reach, api });
      texts.push(...items.map(({ text }) => text));
      if (next === null || next === cursor) return texts;
      cursor = next;
    }
  };
  for (const chat of [mia, "chat_id:7"]) {
    expect(await told({ chat })).toEqual(["Mia 2", "Mia 1"]);
    expect(await told({ chat, order: "oldest" })).toEqual(["Mia 1", "Mia 2"]);
    expect(await told({ chat, words: "family" })).toEqual([]);
  }
  expect(await told({ chat: sam })).toEqual(["Sam"]);
  expect(await told({ words: "family" })).toHaveLength(4);
  await expect(told({ chat: "chat_guid:iMessage;+;chat1" })).rejects.toMatchObject({
    code: "RESOURCE_UNKNOWN",
  });
});
