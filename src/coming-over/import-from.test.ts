import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../config/index.js";
import { importConfig, importFrom } from "./index.js";

let home: string;
let asked: Config[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-import-from-"));
  mkdirSync(join(home, "credentials"));
  asked = [];
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Imports a file from a folder that has somebody's approvals. */
async function imported(source: string, options: Partial<Parameters<typeof importFrom>[0]> = {}) {
  const file = join(home, "any.json");
  writeFileSync(file, source);
  writeFileSync(join(home, "credentials/imessage-allowFrom.json"), '["kim@example.com"]');
  const result = await importFrom({ env: {}, home, file, ...options });
  if (!result.ok) throw result.error;
  return result.value;
}

describe("the account of approvals that name none", () => {
  it.each([
    ["", "default"],
    ["accounts: { home: {}, work: {} }", "home"],
    ["accounts: { home: {}, default: {} }", "default"],
    ["defaultAccount: ' WORK ', accounts: { home: {}, default: {}, work: {} }", "work"],
    ["defaultAccount: 'gone', accounts: { home: {}, work: {} }", "home"],
    ["defaultAccount: 5, accounts: { home: {}, work: {} }", "home"],
  ])("is, with %s: %s, and no other", async (block, account) => {
    const { approved, access } = await imported(`{ channels: { imessage: { ${block} } } }`);
    expect(approved).toEqual([{ account, handle: "kim@example.com" }]);
    expect(access).toEqual({ gained: [], lost: [] });
  });
});

describe("the chats of a bridge", () => {
  const findChats = async (config: Config) => {
    asked.push(config);
    return { chats: [{ id: 12, guid: "any;+;chat88", identifier: "chat88" }] };
  };

  it.each([
    ["bluebubbles: { groups: { 'any;+;chat88': {} } }", 1],
    ["bluebubbles: { accounts: { a: {}, b: { groups: { chat88: {} } } } }", 1],
    ["bluebubbles: { groups: { '*': {} } }", 0],
    ["bluebubbles: { groups: {} }", 0],
    ["imessage: { groups: { 'any;+;chat88': {} } }", 0],
  ])("are asked for where groups are named by them alone: %s (%d)", async (channels, times) => {
    const { config } = await imported(`{ channels: { ${channels} } }`, { findChats });
    expect(asked).toHaveLength(times);
    expect(JSON.stringify(config).includes('"12":')).toBe(times > 0);
    // Nobody is asked without being given the configuration to ask with.
    for (const config of asked) expect(config.channels.imessage?.groups ?? {}).toEqual({});
  });

  const unset = "$" + "{UNSET}";
  const groups = "groups: { 'any;+;chat88': {} }";
  const told = (notes: string[]) => notes.filter((note) => note.startsWith("No account was asked"));

  it("are asked for where a variable is not set that has nothing to do with it", async () => {
    const source = `{ channels: { bluebubbles: { ${groups} } }, models: { providers: { openai: { apiKey: "${unset}" } } } }`;
    const { config, notes, missing } = await imported(source, { findChats });
    expect(config).toMatchObject({ channels: { imessage: { groups: { "12": {} } } } });
    expect([missing, told(notes)]).toEqual([["UNSET"], []]);
  });

  it.each(["cliPath", "dbPath", "remoteHost"])("are not asked for where %s is not known", async (key) => {
    const source = `{ channels: { bluebubbles: { ${groups}, accounts: { a: { ${key}: "${unset}" } } } } }`;
    const { config, notes } = await imported(source, { findChats });
    expect(asked).toEqual([]);
    expect(config).toMatchObject({ channels: { imessage: { groupPolicy: "disabled" } } });
    expect(told(notes)).toEqual([expect.stringContaining(`${unset} is not set: set it, and import again`)]);
  });

  it("are told to be unknown, and why, where nobody could be asked", async () => {
    const { notes } = await imported(`{ channels: { bluebubbles: { ${groups} } } }`, {
      findChats: async () => ({ problem: "imsg is not there" }),
    });
    expect(told(notes)).toEqual([expect.stringMatching(/by GUID: imsg is not there\.$/)]);
  });
});

it("tells whether our file says something else", async () => {
  const source = "{ channels: { imessage: { name: 'x' } } }";
  const { text, changed } = await imported(source);
  expect(changed).toBe(true);
  const changedBy = async (current: string) => (await imported(source, { current })).changed;
  expect(await changedBy(text)).toBe(false);
  expect(await changedBy("{ channels: { imessage: { name: 'y' } } }")).toBe(true);
  expect(await changedBy("{ broken")).toBe(true);
});

describe("approvals", () => {
  async function approved(
    handles: string[],
    block: object = {},
    dialect: "openclaw" | "bluebubbles" = "openclaw",
  ) {
    const name = dialect === "openclaw" ? "imessage" : "bluebubbles";
    const old = { channels: { [name]: block } };
    const people = handles.map((handle) => ({ account: "default", handle }));
    const output = await importConfig({ dialect, old, approved: people, chats: [], env: {} });
    expect(output.access).toEqual({ gained: [], lost: [] });
    return output.approved.map(({ handle }) => handle);
  }

  it("are written in the form that names the same person here", async () => {
    expect(await approved(["Kim@Example.com", "+1 (555) 010-0123", "5551000002"])).toEqual([
      "kim@example.com",
      "+15550100123",
      "+5551000002",
    ]);
    expect(await approved(["262966"])).toEqual(["262966"]);
  });

  it("are those that let in there, each by itself", async () => {
    expect(await approved(["a@x.com", "b@x.com"], { dmPolicy: "allowlist" })).toEqual([]);
    expect(await approved(["a@x.com", "b@x.com"], { dmPolicy: "disabled" })).toEqual([]);
    expect(await approved(["a@x.com"], { dmPolicy: "pairing" })).toEqual(["a@x.com"]);
  });
});

describe("what was not found beside the configuration", () => {
  const told = async (source: string, env: Record<string, string> = {}) => {
    const { notes, approved } = await imported(source, { env });
    return [
      notes.filter((note) => /were found in|was not found/.test(note)).map((note) => note.split(" ")[0]),
      approved.map(({ handle }) => handle),
    ];
  };

  it("is told: approvals and cursors, and that catch-up looks back", async () => {
    const [plain, caughtUp] = ["{}", "{ catchup: { enabled: true } }"].map(
      (block) => `{ channels: { imessage: ${block} } }`,
    );
    expect(await told(plain!)).toEqual([[], ["kim@example.com"]]);
    expect(await told(caughtUp!)).toEqual([["Where"], ["kim@example.com"]]);
    const nowhere = { OPENCLAW_STATE_DIR: join(home, "nowhere") };
    expect(await told(plain!, nowhere)).toEqual([["Neither"], []]);
    mkdirSync(join(home, "imessage/catchup"), { recursive: true });
    const cursor = { lastSeenMs: 5, lastSeenRowid: 7 };
    writeFileSync(join(home, "imessage/catchup/default__ab.json"), JSON.stringify(cursor));
    expect(await told(caughtUp!)).toEqual([[], ["kim@example.com"]]);
  });
});

it("tells everyone as lost who stands in approvals that cannot be read, and a cursor that cannot be", async () => {
  mkdirSync(join(home, "imessage/catchup"), { recursive: true });
  writeFileSync(join(home, "imessage/catchup/default__ab.json"), "{");
  writeFileSync(join(home, "credentials/imessage-work-allowFrom.json"), "{ cut o");
  const { access, approved, notes } = await imported("{ channels: { imessage: {} } }");
  expect(approved).toHaveLength(1);
  expect(access).toEqual({
    gained: [],
    lost: [
      expect.stringMatching(
        /^everyone who was approved by pairing alone: .*work-allowFrom\.json cannot be read/,
      ),
    ],
  });
  expect(notes).toContainEqual(
    expect.stringMatching(/^Where catch-up stood is not taken over: .*default__ab/),
  );
});
