import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cursorPath, readCursor } from "../../src/inbound/catchup-cursor.js";
import { openStore } from "../../src/store/index.js";
import { commandHere } from "../support/command-here.js";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-import-command-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const shell = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  TAPBACK_STATE_DIR: undefined,
  TAPBACK_CONFIG: undefined,
  OPENAI_API_KEY: undefined,
  ...more,
});

const tapback = (words: string[], more: NodeJS.ProcessEnv = {}) => commandHere(words, shell(more));

/** Writes a file of the other system. @param text JSON is made of an object */
function there(name: string, text: object) {
  const path = join(home, ".openclaw", name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(text));
}

const ours = () => readFileSync(join(home, ".tapback/tapback.json5"), "utf8");

async function approved() {
  const store = openStore(join(home, ".tapback/state.db"));
  try {
    return (await store.pairing.approvals()).map(({ handle }) => handle);
  } finally {
    await store.close();
  }
}

describe("an import whose variables are not set", () => {
  it.each([
    ["a backslash", { mentionPatterns: ["\\\\bbot\\\\b"] }],
    ["the word store", { mentionPatterns: ["store"] }],
  ])("takes over who was approved, and tells what it did, with %s in the file", async (_, groupChat) => {
    there("openclaw.json", {
      channels: { imessage: {} },
      messages: { groupChat },
      models: { providers: { openai: { apiKey: "$" + "{OPENAI_API_KEY}" } } },
    });
    there("credentials/imessage-allowFrom.json", ["kim@example.com"]);
    const { code, stdout, stderr } = await tapback(["import", "openclaw"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("Set OPENAI_API_KEY for the gateway");
    expect(stdout).toContain("Approved senders taken over: kim@example.com");
    expect(ours()).toContain("OPENAI_API_KEY");
    expect(await approved()).toEqual(["kim@example.com"]);
  });
});

it("has written no configuration where the approvals cannot be kept", async () => {
  there("openclaw.json", { channels: { imessage: {} } });
  there("credentials/imessage-allowFrom.json", ["kim@example.com"]);
  // A folder stands where the state belongs.
  mkdirSync(join(home, ".tapback/state.db"), { recursive: true });
  expect((await tapback(["import", "openclaw"])).code).not.toBe(0);
  expect(ours).toThrow("ENOENT");
});

it("takes over how far the other gateway has come by a second import, of each account", async () => {
  there("openclaw.json", { channels: { imessage: { accounts: { home: {}, work: {} } } } });
  const stand = (account: string, lastSeenRowid: number) =>
    there(`imessage/catchup/${account}__0123456789ab.json`, { lastSeenMs: lastSeenRowid, lastSeenRowid });
  stand("home", 500);
  stand("work", 700);
  expect((await tapback(["import", "openclaw"])).stdout).toContain("import once more before ours starts");
  const rowOf = (account: string) => readCursor(cursorPath(join(home, ".tapback"), account))?.lastSeenRowid;
  expect([rowOf("home"), rowOf("work")]).toEqual([500, 700]);
  stand("home", 520);
  expect((await tapback(["import", "openclaw"])).code).toBe(0);
  expect([rowOf("home"), rowOf("work")]).toEqual([520, 700]);
});

it("says why the groups that BlueBubbles named by GUID are not known", async () => {
  const bluebubbles = { groupPolicy: "open", groups: { "iMessage;+;chat123": {} } };
  const ask = async (more: object) => {
    there("openclaw.json", { channels: { bluebubbles: { ...bluebubbles, ...more } } });
    const { access, notes } = JSON.parse(
      (await tapback(["import", "bluebubbles", "--dry-run", "--json"])).stdout,
    );
    expect(access.gained).toEqual([]);
    return notes.find((note: string) => note.startsWith("No account was asked"));
  };
  expect(await ask({ accounts: { a: {}, b: {} } })).toContain("each of several numbers its chats by itself");
  expect(await ask({ cliPath: "/nowhere/imsg" })).toMatch(/by GUID: The imsg program was not found\.$/);
});
