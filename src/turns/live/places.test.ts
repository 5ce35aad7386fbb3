import { expect, it } from "vitest";
import { type Config, parseConfig } from "../../config/index.js";
import { isAllowed, placeOf } from "./places.js";

async function configOf(...agents: object[]): Promise<Config> {
  const loaded = await parseConfig(
    JSON.stringify({
      channels: { imessage: { region: "DE", accounts: { default: {}, work: { region: "US" } } } },
      agents: { list: agents },
    }),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.config;
}
const live = (id: string, more: object = {}) => ({ id, runtime: { type: "channel", ...more } });
const demo = { id: "main", runtime: { type: "demo" } };
const code = (wanted: string) => expect.objectContaining({ code: wanted });

it("attaches to the conversation that is named, as its account reads it", async () => {
  const config = await configOf(demo, live("Live"));
  const mia = { kind: "handle", handle: "+4915112345678", service: "auto" };
  expect(placeOf({ chat: "sms:0151 12345678" }, config)).toEqual({
    agentId: "live",
    account: "default",
    chat: mia,
  });
  expect(placeOf({ agent: "LIVE", account: "work", chat: "chat_id:7" }, config)).toEqual({
    agentId: "live",
    account: "work",
    chat: { kind: "chat_id", chatId: 7 },
  });
});

it("lets chats mix only where the owner says so", async () => {
  const config = await configOf(live("apart"), live("one", { oneSession: true }));
  expect(placeOf({ agent: "one" }, config)).toEqual({ agentId: "one", account: "default" });
  expect(() => placeOf({ agent: "apart" }, config)).toThrow(code("CHANNEL_CHAT"));
  const all = { account: "default" };
  expect(isAllowed({ ...all, agentId: "one" }, config)).toBe(true);
  expect(isAllowed({ ...all, agentId: "apart" }, config)).toBe(false);
  const chat = { kind: "chat_id", chatId: 7 } as const;
  expect(isAllowed({ ...all, agentId: "apart", chat }, config)).toBe(true);
  expect(isAllowed({ ...all, agentId: "gone", chat }, config)).toBe(false);
});

it("guesses no agent, account or chat", async () => {
  const two = await configOf(live("a"), live("b"));
  const chat = "chat_id:7";
  expect(() => placeOf({ chat }, two)).toThrow(code("CHANNEL_AGENT"));
  expect(() => placeOf({ chat, agent: "c" }, two)).toThrow(code("CHANNEL_AGENT"));
  expect(() => placeOf({ chat, agent: "a", account: "nobody" }, two)).toThrow(code("ACCOUNT_UNKNOWN"));
  expect(() => placeOf({ chat: "Mia", agent: "a" }, two)).toThrow(code("TARGET_INVALID"));
  expect(() => placeOf({ chat }, two)).toThrow("several agents");
  const none = await configOf(demo);
  expect(() => placeOf({ chat, agent: "main" }, none)).toThrow(code("CHANNEL_AGENT"));
});
