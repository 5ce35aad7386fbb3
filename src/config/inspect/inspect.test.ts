import { describe, expect, it } from "vitest";
import { parseConfig } from "../index.js";
import { parsePath } from "../path.js";
import { effective, getValue, isSecret, maskSecrets } from "./index.js";

const source = `{
  channels: { imessage: { region: "DE", actions: { edit: false }, accounts: { work: { dmPolicy: "allowlist", catchup: { perRunLimit: 9 } }, home: {} } } },
  models: { providers: { local: { baseUrl: "http://me:pw@127.0.0.1/v1", apiKey: "\${KEY}", headers: { "X-Key": "abc" } } } },
  agents: { list: [{ id: "a", runtime: { type: "http", url: "https://u:p@example.com/x", secret: "s3cret" } }, { id: "b", runtime: { type: "command", command: "x", env: { TOKEN: "t0ken" } } }] },
}`;

async function load() {
  const result = await parseConfig(source, { KEY: "sk-123" });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return { config: result.value.config, source };
}
const get = async (path: string, options = {}) => {
  const parsed = parsePath(path);
  if (!parsed.ok) throw parsed.error;
  const result = getValue(await load(), parsed.value, options);
  return result.ok ? result.value : result.error.code;
};

describe("maskSecrets", () => {
  it("leaves no secret in the whole configuration", async () => {
    const shown = JSON.stringify(maskSecrets((await load()).config));
    for (const secret of ["sk-123", "abc", "s3cret", "t0ken", "u:p@", "me:pw@"])
      expect(shown).not.toContain(secret);
    expect(shown).toContain('"region":"DE"');
  });

  it("knows secret fields by path", () => {
    expect(isSecret(["models", "providers", "x", "apiKey"])).toBe(true);
    expect(isSecret(["acp", "env", "TOKEN"])).toBe(true);
    expect(isSecret(["channels", "imessage", "name"])).toBe(false);
  });
});

describe("getValue", () => {
  it("takes a field of an account by its name alone", async () => {
    expect(await get("dmPolicy", { account: "work", effective: true })).toMatchObject({ value: "allowlist" });
    expect(await get("dmPolicy", { account: "home", effective: true })).toMatchObject({ value: "pairing" });
    expect(await get("catchup.perRunLimit", { account: "work" })).toMatchObject({ value: 9 });
  });

  it("shows what the file says, masked", async () => {
    expect(await get("channels.imessage.region")).toEqual({
      value: "DE",
      path: "channels.imessage.region",
      origin: "file",
    });
    expect(await get("models.providers.local.apiKey")).toMatchObject({ value: "***" });
    expect(await get("agents.list[0].runtime")).toMatchObject({
      value: { secret: "***", url: "https://***@example.com/x" },
    });
    expect(await get("channels.imessage.dmPolicy")).toBe("CONFIG_NOT_SET");
    expect(await get("channels.imessage.dmPolicy", { account: "work" })).toMatchObject({
      value: "allowlist",
    });
    expect(await get("channels.imessage.region", { account: "nobody" })).toBe("ACCOUNT_UNKNOWN");
  });

  it("shows what holds, and where it comes from", async () => {
    const forWork = { account: "work", effective: true };
    expect(await get("channels.imessage.dmPolicy", forWork)).toEqual({
      value: "allowlist",
      origin: "account",
      path: "channels.imessage.accounts.work.dmPolicy",
    });
    expect(await get("channels.imessage.region", forWork)).toMatchObject({ value: "DE", origin: "channel" });
    expect(await get("channels.imessage.catchup.perRunLimit", forWork)).toMatchObject({
      value: 9,
      origin: "account",
    });
    expect(await get("channels.imessage.mediaMaxMb", forWork)).toEqual({ value: 16, origin: "default" });
    expect(await get("gateway.retentionDays", { effective: true })).toEqual({ value: 30, origin: "default" });
  });
});

describe("effective", () => {
  it("lists every setting with its origin", async () => {
    const { config } = await load();
    const values = effective(config, "work")!;
    const by = (key: string) => values.find((entry) => entry.key === key);
    expect(by("dmPolicy")).toMatchObject({ origin: "account", value: "allowlist" });
    expect(by("actions.edit")).toMatchObject({ origin: "channel", value: false });
    expect(by("outbound.ttlMinutes")).toMatchObject({ origin: "default", value: 60 });
    expect(by("dbPath")).toMatchObject({ origin: "default", value: undefined });
    expect(effective(config, "nobody")).toBeUndefined();
  });
});
