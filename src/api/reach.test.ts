import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Bench, row } from "../../test/contract/store/bench.js";
import { directMessage } from "../../test/support/message.js";
import { type Config, parseConfig } from "../config/index.js";
import type { Chat, Target } from "../conversation/index.js";
import { openStore, type Store } from "../store/index.js";
import { addToken } from "./new-token.js";
import { Reach } from "./reach.js";

const bench = new Bench(openStore);
let store: Store;
let config: Config;
const mia = "+15550100123";
const handle = (text: string, service: "auto" | "sms" = "auto"): Target => ({
  kind: "handle",
  handle: text,
  service,
});
const direct: Chat = {
  ...directMessage({}).chat,
  id: 7,
  guid: `iMessage;-;${mia}`,
  identifier: mia,
  participants: [mia],
};
const group: Chat = {
  ...direct,
  id: 8,
  guid: "iMessage;+;chat9",
  identifier: "chat9",
  isGroup: true,
  participants: [mia, "+15550100321"],
};

beforeEach(async () => {
  const { store: opened, claim } = await bench.claimed();
  store = opened;
  await store.journal.admit(claim, [row(1, { chat: direct }), row(2, { chat: group })], "live", 1000);
  const { claim: second } = await store.accounts.claim("work", "node-1");
  await store.journal.admit(
    second,
    [row(1, { chat: { ...group, guid: "iMessage;+;chat77", identifier: "chat77" } })],
    "live",
    1000,
  );
  const parsed = await parseConfig(
    JSON.stringify({ channels: { imessage: { accounts: { default: {}, work: {} } } } }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  config = parsed.value.config;
});
afterEach(() => bench.clear());

const reach = (chats?: Target[], account = chats && "default") =>
  new Reach({ ...(account !== undefined && { account }), ...(chats && { chats }) }, config, store);
const unknown = expect.objectContaining({ code: "RESOURCE_UNKNOWN" });

describe("what a token reaches", () => {
  it("is a chat by the person, the GUID or the identifier, and no other chat", () => {
    const [sms, sam] = [handle(mia, "sms"), handle("+15550100321")];
    const chat = (one: Target, other: Chat, account = "default") => reach([one]).hasChat(account, other);
    expect(chat(handle(mia), direct)).toBe(true);
    expect(chat(handle(mia), group)).toBe(false);
    expect(chat(handle(mia), direct, "work")).toBe(false);
    expect(chat(sms, direct)).toBe(false);
    expect(chat(sms, { ...direct, guid: `SMS;-;${mia}` })).toBe(true);
    expect(chat(sam, direct)).toBe(false);
    expect(chat({ kind: "chat_guid", guid: "any;+;chat9" }, group)).toBe(true);
    expect(chat({ kind: "chat_guid", guid: "SMS;+;chat9" }, group)).toBe(false);
    expect(chat({ kind: "chat_identifier", identifier: "chat9" }, group)).toBe(true);
    // Nothing is known of it: it is nobody's.
    expect(chat({ kind: "chat_guid", guid: "" }, { ...group, guid: "", identifier: "" })).toBe(false);
    expect(reach([]).hasChat("default", direct)).toBe(false);
    expect(reach().hasChat("work", group)).toBe(true);
    expect(reach(undefined, "work").hasChat("default", group)).toBe(false);
  });

  it("is a person where the direct chat is one of its own", () => {
    expect(reach([handle(mia)]).hasPerson("default", mia)).toBe(true);
    expect(reach([{ kind: "chat_guid", guid: `iMessage;-;${mia}` }]).hasPerson("default", mia)).toBe(true);
    expect(reach([{ kind: "chat_guid", guid: group.guid }]).hasPerson("default", mia)).toBe(false);
    expect(reach([handle(mia)]).hasPerson("default", "+15550100321")).toBe(false);
  });

  it("is written to as it was named when the token was made", async () => {
    const own: Target = { kind: "chat_guid", guid: group.guid };
    const limited = reach([own]);
    expect(await limited.sendTarget("default", { kind: "chat_id", chatId: 8 })).toEqual(own);
    expect(await limited.sendTarget("default", own)).toEqual(own);
    for (const other of [
      handle(mia),
      { kind: "chat_id", chatId: 7 },
      { kind: "chat_id", chatId: 99 },
    ] as Target[])
      await expect(limited.sendTarget("default", other)).rejects.toEqual(unknown);
    expect(await reach().sendTarget("default", handle(mia))).toEqual(handle(mia));
  });

  it("is one account's where it has one", async () => {
    expect(() => reach(undefined, "work").account("default")).toThrow(unknown);
    expect(() => reach().account("nobody")).toThrow(unknown);
    expect(reach(undefined, "work").account(undefined)).toBe("work");
    const ids = async (one: Reach) =>
      (await one.chats(undefined)).map(({ account, row: { chat } }) => `${account} ${chat.id}`);
    expect((await ids(reach())).sort()).toEqual(["default 7", "default 8", "work 8"]);
    expect(await ids(reach(undefined, "work"))).toEqual(["work 8"]);
    expect(await ids(reach([handle(mia)]))).toEqual(["default 7"]);
  });
});

describe("a new token", () => {
  const wish = { name: "shop", scopes: ["send", "read"], account: "default", perMinute: 60 };
  const add = (more: object) => addToken(store, { ...wish, ...more }, "US", 1000);

  it("is bound to what a number means in its account now", async () => {
    const { token } = await add({ chats: ["chat_id:8", "(555) 010-0123"] });
    expect(token.chats).toEqual([{ kind: "chat_guid", guid: group.guid }, handle(mia)]);
    expect(token.scopes).toEqual(["read", "send"]);
    const { token: other } = await add({ name: "other", account: "work", chats: ["chat_id:8"] });
    expect(other.chats).toEqual([{ kind: "chat_guid", guid: "iMessage;+;chat77" }]);
  });

  it.each([
    [{ chats: ["chat_id:99"] }, "CHAT_UNNAMED"],
    [{ chats: ["Mia"] }, "TARGET_INVALID"],
    [{ scopes: ["reed"] }, "USAGE"],
    [{ scopes: [] }, "USAGE"],
    [{ name: "a b" }, "USAGE"],
  ])("is none with %j", async (more, code) => {
    await expect(add(more)).rejects.toMatchObject({ code });
    expect(await store.tokens.list()).toEqual([]);
  });
});
