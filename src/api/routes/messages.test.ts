import { afterEach, expect, it } from "vitest";
import { Bench, row } from "../../../test/contract/store/bench.js";
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
