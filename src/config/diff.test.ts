import { describe, expect, it } from "vitest";
import { diffConfig } from "./diff.js";
import { parseConfig } from "./index.js";

async function configOf(source: string) {
  const result = await parseConfig(source);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.config;
}
const imessage = (text: string) => configOf(`{ channels: { imessage: { ${text} } } }`);

describe("diffConfig", () => {
  it("restarts the account whose child changes, and no other", async () => {
    const before = await imessage("accounts: { a: { cliPath: 'x' }, b: { cliPath: 'y' }, c: {} }");
    const after = await imessage(
      "accounts: { a: { cliPath: 'z' }, b: { cliPath: 'y', typing: false }, d: {} }",
    );
    expect(diffConfig(before, after)).toEqual({
      changed: [
        "channels.imessage.accounts.a.cliPath",
        "channels.imessage.accounts.b.typing",
        "channels.imessage.accounts.c",
        "channels.imessage.accounts.d",
      ],
      added: ["d"],
      removed: ["c"],
      restart: ["a"],
      live: ["b"],
    });
  });

  it("sees a change of the channel in the accounts that inherit it", async () => {
    const before = await imessage("accounts: { a: { dbPath: '/a' }, b: {} }, dbPath: '/x'");
    const after = await imessage("accounts: { a: { dbPath: '/a' }, b: {} }, dbPath: '/y'");
    expect(diffConfig(before, after)).toMatchObject({ restart: ["b"], live: [] });
    expect(diffConfig(after, after)).toEqual({ changed: [], added: [], removed: [], restart: [], live: [] });
  });

  it("takes disabling for removal", async () => {
    const before = await imessage("");
    expect(diffConfig(before, await imessage("enabled: false"))).toMatchObject({ removed: ["default"] });
  });
});
