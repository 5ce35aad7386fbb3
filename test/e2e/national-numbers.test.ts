import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/index.js";
import { commandAsProgram, commandHere } from "../support/command-here.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");

let home: string;
let state: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "national-"));
  state = join(home, "state");
  mkdirSync(state);
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const shell = (): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  TAPBACK_STATE_DIR: state,
  TAPBACK_CONFIG: undefined,
});

/** In this process; one of them is the built program. */
const tapback = (...args: string[]) => commandHere(args, shell());

const configure = (imessage: unknown) =>
  writeFileSync(join(state, "tapback.json5"), JSON.stringify({ channels: { imessage } }));

async function withStore<T>(work: (store: ReturnType<typeof openStore>) => T | Promise<T>): Promise<T> {
  const store = openStore(join(state, "state.db"));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const approve = (...pairs: [account: string, handle: string][]) =>
  withStore(async (store) => {
    for (const [account, handle] of pairs) await store.pairing.admit(account, handle, 1);
  });

const approved = () =>
  withStore(async (store) => (await store.pairing.approvals()).map(({ handle }) => handle));

describe("numbers as they are dialled within a country", () => {
  it("are revoked in the region of the account", async () => {
    configure({ region: "CH" });
    await approve(["default", "+41791234567"], ["default", "+10791234567"]);
    const { code, stdout } = await commandAsProgram(
      main,
      ["pairing", "revoke", "079 123 45 67", "--json"],
      shell(),
    );
    expect([code, stdout]).toEqual([0, '{"revoked":"+41791234567","accounts":["default"]}\n']);
    expect(await approved()).toEqual(["+10791234567"]);
  });

  it("are revoked for one person alone, where two accounts read them differently", async () => {
    configure({ accounts: { us: { region: "US" }, italy: { region: "IT" } } });
    await approve(["us", "+13471234567"], ["italy", "+393471234567"]);
    const unclear = await tapback("pairing", "revoke", "347 123 4567");
    expect(unclear.code).toBe(1);
    expect(unclear.stderr).toContain("[HANDLE_AMBIGUOUS]");
    expect(unclear.stderr).toContain("--account");
    expect((await tapback("pairing", "revoke", "imessage", "347 123 4567", "--account", "Italy")).code).toBe(
      0,
    );
    expect(await approved()).toEqual(["+13471234567"]);
  });

  it("need the configuration to be revoked; a number with its country does not", async () => {
    writeFileSync(join(state, "tapback.json5"), "{ broken");
    await approve(["default", "+41791234567"]);
    expect((await tapback("pairing", "revoke", "079 123 45 67")).code).toBe(3);
    expect((await tapback("pairing", "revoke", "0041 79 123 45 67")).code).toBe(0);
    expect(await approved()).toEqual([]);
  });

  it("mean what they meant in another gateway, which knew no regions", async () => {
    const other = join(home, ".openclaw");
    mkdirSync(join(other, "credentials"), { recursive: true });
    writeFileSync(
      join(other, "openclaw.json"),
      JSON.stringify({
        channels: { imessage: { region: "DE", accounts: { Work: { region: "CH" }, home: {} } } },
      }),
    );
    writeFileSync(join(other, "credentials/imessage-Work-allowFrom.json"), '["079 123 45 67"]');
    writeFileSync(join(other, "credentials/imessage-home-allowFrom.json"), '["0151 23456789"]');
    const { code, stdout } = await tapback("import");
    expect([code, stdout]).toEqual([0, expect.stringContaining("taken over: +0791234567, +015123456789")]);
    expect(await withStore((store) => store.pairing.approvals())).toEqual([
      expect.objectContaining({ account: "work", handle: "+0791234567" }),
      expect.objectContaining({ account: "home", handle: "+015123456789" }),
    ]);
  });

  it("are refused by init, which does not know the country", async () => {
    const { code, stderr } = await tapback("init", "--yes", "--allow", "079 123 45 67");
    expect(code).toBe(2);
    expect(stderr).toContain("079 123 45 67 does not say its country; write it with + and the country code");
  });
});
