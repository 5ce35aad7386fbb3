import { expect, it } from "vitest";
import type { Token } from "../../../src/store/index.js";
import { type Bench, dispatch, drop, item, row } from "./bench.js";

const full: Token = {
  id: "abc",
  name: "shop",
  hash: "00ff",
  scopes: ["read", "send"],
  account: "work",
  chats: [{ kind: "chat_guid", guid: "iMessage;+;chat9" }],
  perMinute: 60,
  createdAt: 1000,
  expiresAt: 9000,
};
const bare: Token = { id: "def", name: "bare", hash: "11", scopes: ["admin"], perMinute: 600, createdAt: 1 };

export function tokenContract(bench: Bench): void {
  it("keeps a token as it was made, and takes no second one of its name or id", async () => {
    const store = bench.store();
    expect(await store.tokens.add(full)).toBe(true);
    expect(await store.tokens.add(bare)).toBe(true);
    expect(await store.tokens.add({ ...bare, id: "ghi", name: "shop" })).toBe(false);
    expect(await store.tokens.add({ ...bare, name: "other" })).toBe(false);
    expect(await store.tokens.find("abc")).toEqual(full);
    expect(await store.tokens.find("def")).toEqual(bare);
    expect(await store.tokens.find("ghi")).toBeUndefined();
    expect(await store.tokens.list()).toEqual([bare, full]);
  });

  it("notes the use of one, and revokes one, and leaves its neighbour alone", async () => {
    const [store, other] = [bench.store(), bench.store()];
    await store.tokens.add(full);
    await store.tokens.add(bare);
    await store.tokens.used("abc", 5000);
    expect(await other.tokens.list()).toEqual([bare, { ...full, usedAt: 5000 }]);
    expect(await other.tokens.revoke("shop")).toBe(true);
    expect(await other.tokens.revoke("shop")).toBe(false);
    expect(await store.tokens.find("abc")).toBeUndefined();
    await store.tokens.used("abc", 6000);
    expect(await store.tokens.list()).toEqual([bare]);
  });

  it("tells who asked for what an item carries", async () => {
    const { store } = await bench.claimed();
    await store.accounts.claim("second", "node-1");
    const action = { account: "default", chat: "chat_id:7", name: "send", parameters: {} };
    const asked = await store.actions.begin(
      { ...action, askedBy: "token shop" },
      0,
      [item("a"), item("b")],
      1,
    );
    const plain = await store.actions.begin(action, 0, [item("c")], 2);
    for (const id of asked.items) expect(await store.actions.askerOf("default", id)).toBe("token shop");
    expect(await store.actions.askerOf("default", plain.items[0]!)).toBeUndefined();
    expect(await store.actions.askerOf("second", asked.items[0]!)).toBeUndefined();
  });

  it("lists the chats by their newest rows, and rows from the oldest on", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: second } = await store.accounts.claim("second", "node-1");
    const inChat = (rowId: number, id: number) => row(rowId, { chat: { ...row(1).chat, id } });
    const rows = [inChat(1, 7), inChat(2, 8), inChat(3, 7), inChat(4, 0), inChat(5, 9)];
    const ids = (await store.journal.admit(claim, rows, "live", 1000)) as number[];
    const [far] = (await store.journal.admit(second, [inChat(1, 8)], "live", 1000)) as number[];
    await store.journal.decide(claim, ids[0]!, dispatch, 1000);
    const chats = async (account?: string) => (await store.journal.chats(account)).map(({ id }) => id);
    expect(await chats()).toEqual([far, ids[4], ids[2], ids[1]]);
    expect(await chats("default")).toEqual([ids[4], ids[2], ids[1]]);
    expect(await chats("third")).toEqual([]);
    const list = async (filter: object) =>
      (await store.journal.list({ limit: 9, account: "default", ...filter })).map(({ id }) => id);
    expect(await list({ oldestFirst: true })).toEqual(ids);
    expect(await list({ oldestFirst: true, after: ids[0], limit: 2 })).toEqual([ids[1], ids[2]]);
    expect(await list({ chatId: 7, oldestFirst: true })).toEqual([ids[0], ids[2]]);
  });

  it("says how far the rows of all accounts are settled", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: second } = await store.accounts.claim("second", "node-1");
    expect(await store.journal.placedUpTo(undefined, 0)).toBe(0);
    await store.journal.admit(claim, [row(1)], "live", 1000);
    const [far] = (await store.journal.admit(second, [row(2)], "live", 1000)) as number[];
    expect(await store.journal.placedUpTo(undefined, 0)).toBe(far);
  });

  it("says how far rows have the chats in which they stay", async () => {
    const { store, claim } = await bench.claimed();
    const { claim: second } = await store.accounts.claim("second", "node-1");
    expect(await store.journal.placedUpTo("default", 0)).toBe(0);
    const nowhere = { chat: { ...row(1).chat, id: 0, guid: "", identifier: "" } };
    // Its own row is looked for nowhere; a number alone says nothing of what a chat is called.
    const rows = [row(1), row(2, { ...nowhere, fromMe: true }), row(3, nowhere), row(4)];
    const unnamed = row(5, { chat: { ...nowhere.chat, id: 7 } });
    const ids = (await store.journal.admit(claim, [...rows, unnamed, row(6)], "live", 1000)) as number[];
    const [far] = (await store.journal.admit(second, [row(7)], "live", 1000)) as number[];
    const upTo = (after: number, account = "default") => store.journal.placedUpTo(account, after);
    expect(await upTo(0)).toBe(ids[2]! - 1);
    expect(await upTo(ids[2]!)).toBe(ids[4]! - 1);
    expect([await upTo(ids[4]!), await upTo(0, "second")]).toEqual([far, far]);
    await store.journal.locate(claim, ids[2]!, row(1).chat);
    expect(await upTo(0)).toBe(ids[4]! - 1);
    // It was looked for in vain.
    await store.journal.decide(claim, ids[4]!, { ...drop, reason: "no_chat" }, 1000);
    expect(await upTo(0)).toBe(far);
  });
}
