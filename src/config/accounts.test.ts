import { describe, expect, it } from "vitest";
import {
  accountIds,
  defaultAccountId,
  layersOf,
  originOf,
  resolveAccount,
  resolveAccounts,
} from "./accounts.js";
import { parseConfig } from "./index.js";
import { accountDefaults } from "./schema/defaults.js";

async function configOf(source: string) {
  const result = await parseConfig(source);
  if (!result.ok) throw new Error(JSON.stringify(result.error, null, 1));
  return result.value.config;
}

describe("accounts", () => {
  it("is one `default` with every default where the block is empty", async () => {
    const config = await configOf("{ channels: { imessage: {} } }");
    expect(resolveAccounts(config)).toEqual([{ id: "default", name: "default", ...accountDefaults }]);
  });

  it("replaces lists and maps whole, and merges actions and catchup", async () => {
    const config = await configOf(`{ channels: { imessage: {
      allowFrom: ["+15550100"], groups: { "1": {} }, actions: { edit: false }, catchup: { enabled: true, perRunLimit: 9 },
      outbound: { ttlMinutes: 5 },
      accounts: { Work: { allowFrom: ["a@example.com"], groups: {}, actions: { polls: false }, catchup: { perRunLimit: 7 }, outbound: { perChatPerMinute: 3 } } },
    } } }`);
    const account = resolveAccount(config, "work")!;
    expect(account.allowFrom).toEqual(["a@example.com"]);
    expect(account.groups).toEqual({});
    expect(account.actions).toMatchObject({ edit: false, polls: false, reply: true });
    expect(account.catchup).toEqual({ ...accountDefaults.catchup, enabled: true, perRunLimit: 7 });
    expect(account.outbound).toEqual({ ...accountDefaults.outbound, perChatPerMinute: 3 });
  });

  it("takes the earlier name of a limit, and of both the smaller", async () => {
    const limitOf = async (outbound: string) =>
      resolveAccount(await configOf(`{ channels: { imessage: { outbound: ${outbound} } } }`), "default")
        ?.outbound.newConversationsPerDay;
    expect(await limitOf("{ newRecipientsPerDay: 50 }")).toBe(50);
    expect(await limitOf("{ newRecipientsPerDay: 50, newConversationsPerDay: 30 }")).toBe(30);
    expect(await limitOf("{ newRecipientsPerDay: 5, newConversationsPerDay: 30 }")).toBe(5);
    expect(await limitOf("{}")).toBe(20);
  });

  it("falls back to channels.defaults.groupPolicy, and is closed without a block", async () => {
    const open = "channels: { defaults: { groupPolicy: 'open' }";
    expect(resolveAccount(await configOf(`{ ${open}, imessage: {} } }`), "default")?.groupPolicy).toBe(
      "open",
    );
    const without = await configOf(`{ ${open} } }`);
    expect(resolveAccounts(without)).toEqual([]);
    expect(resolveAccount(without, "default")).toMatchObject({ enabled: false, groupPolicy: "allowlist" });
  });

  it("knows the default account", async () => {
    const block = (text: string) => configOf(`{ channels: { imessage: { ${text} } } }`);
    expect(defaultAccountId(await block("accounts: { a: {}, default: {} }"))).toBe("default");
    expect(defaultAccountId(await block("accounts: { solo: {} }"))).toBe("solo");
    expect(defaultAccountId(await block("defaultAccount: 'B', accounts: { a: {}, b: {} }"))).toBe("b");
    expect(accountIds(await block("accounts: { 'My Mac': {} }"))).toEqual(["my-mac"]);
  });

  it("tells where a setting comes from", async () => {
    const config = await configOf(`{ channels: { defaults: { groupPolicy: "open" }, imessage: {
      region: "DE", actions: { edit: false }, outbound: { ttlMinutes: 5 }, accounts: { a: { service: "sms", outbound: {} } } } } }`);
    const layers = layersOf(config, "a")!;
    expect(originOf(layers, "service")).toEqual({
      origin: "account",
      path: ["channels", "imessage", "accounts", "a", "service"],
    });
    expect(originOf(layers, "region").origin).toBe("channel");
    expect(originOf(layers, "groupPolicy").origin).toBe("channel-defaults");
    expect(originOf(layers, "typing").origin).toBe("default");
    expect(originOf(layers, "actions", "edit").origin).toBe("channel");
    expect(originOf(layers, "outbound", "ttlMinutes").origin).toBe("default");
  });
});
