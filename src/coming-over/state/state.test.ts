import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../../platform/index.js";
import type { Dialect } from "../dialects.js";
import { readApproved } from "./approved.js";
import { readCursors } from "./cursors.js";
import { findSource, type Source } from "./sources.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-import-files-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, content: unknown): string {
  const whole = join(home, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, typeof content === "string" ? content : JSON.stringify(content));
  return whole;
}
const source = (dialect: Dialect = "openclaw"): Source => ({ dialect, file: "", stateDir: home, old: {} });

describe("where catch-up stood", () => {
  const cursor = (lastSeenRowid: unknown, more: object = {}) => ({ lastSeenMs: 5, lastSeenRowid, ...more });

  /** Cursors as OpenClaw's database keeps them, by the account's hash. */
  function store(rows: Record<string, unknown>, plugin = "imessage"): void {
    mkdirSync(join(home, "state"), { recursive: true });
    const database = openDatabase(join(home, "state/openclaw.sqlite"));
    database.exec(
      "CREATE TABLE IF NOT EXISTS plugin_state_entries (plugin_id TEXT, namespace TEXT, entry_key TEXT, value_json TEXT)",
    );
    const put = database.prepare(
      "INSERT INTO plugin_state_entries VALUES (?, 'imessage.catchup-cursors', ?, ?)",
    );
    for (const [account, value] of Object.entries(rows)) {
      const key = createHash("sha256").update(account).digest("hex").slice(0, 32);
      put.run(plugin, key, typeof value === "string" ? value : JSON.stringify(value));
    }
    database.close();
  }
  const read = (accounts = ["home", "work"]) =>
    Object.fromEntries(
      readCursors(source(), accounts).cursors.map(({ account, lastSeenRowid, updatedAt }) => [
        account,
        [lastSeenRowid, updatedAt],
      ]),
    );

  it("is told by the one that reaches further, of equals by the database, for each account by itself", () => {
    for (const [id, row] of [
      ["home", 7],
      ["work", 9],
      ["same", 3],
    ] as const)
      write(`imessage/catchup/${id}__ab.json`, cursor(row, { updatedAt: 1 }));
    store({
      home: cursor(8, { updatedAt: 2 }),
      work: cursor(8, { updatedAt: 2 }),
      same: cursor(3, { updatedAt: 2 }),
    });
    expect(read(["home", "work", "same"])).toEqual({ home: [8, 2], work: [9, 1], same: [3, 2] });
  });

  it("is known of accounts that there are, and of the channel alone", () => {
    store({ home: cursor(8), gone: cursor(9) });
    store({ work: cursor(4) }, "telegram");
    expect(read()).toEqual({ home: [8, 5] });
  });

  it("is taken from what has its shape", () => {
    write("imessage/catchup/Home__x.json", cursor(7, { updatedAt: "x", failureRetries: { a: 1, b: "2" } }));
    write("imessage/catchup/work__x.json", cursor("7"));
    write("imessage/catchup/other__x.json", { lastSeenRowid: 7 });
    write("imessage/catchup/home.json", cursor(99));
    write("imessage/catchup/home__x.json.bak", cursor(99));
    store({ work: "{" });
    expect(readCursors(source(), ["home", "work"])).toEqual({
      cursors: [{ account: "home", lastSeenMs: 5, lastSeenRowid: 7, updatedAt: 5, failureRetries: { a: 1 } }],
      problems: [],
    });
  });

  it("is told to be lost where it cannot be read, and taken from the rest", () => {
    write("imessage/catchup/work__x.json", "{ cut o");
    write("imessage/catchup/home__x.json", cursor(7));
    const { cursors, problems } = readCursors(source(), ["home", "work"]);
    expect(cursors.map(({ account }) => account)).toEqual(["home"]);
    expect(problems).toEqual([expect.stringMatching(/work__x\.json cannot be read: JSON5/)]);
  });
});

describe("who was approved", () => {
  const read = (dialect: Dialect, accounts = { all: ["home", "work"], fallback: "home" }) =>
    readApproved(source(dialect), accounts).senders.map(({ account, handle }) => `${account} ${handle}`);

  it("stands in a file of the default account, and in one of each other", () => {
    write("credentials/imessage-allowFrom.json", { allowFrom: ["a@x.com"] });
    write("credentials/imessage-Work-allowFrom.json", ["b@x.com"]);
    for (const name of [
      "telegram-allowFrom.json",
      "imessage-allowFrom.json.bak",
      "bluebubbles-allowFrom.json",
      "ximessage-allowFrom.json",
    ])
      write(`credentials/${name}`, ["c@x.com"]);
    for (const dialect of ["openclaw", "remoteclaw"] as const)
      expect(read(dialect)).toEqual(["work b@x.com", "home a@x.com"]);
    expect(read("clawdbot")).toEqual(["work b@x.com", "home a@x.com", "work a@x.com"]);
    expect(read("bluebubbles")).toEqual(["home c@x.com", "work c@x.com"]);
  });

  it.each<[unknown, string[]]>([
    [
      ["a@x.com", " +15550100 ", 15550101, "a@x.com"],
      ["a@x.com", "+15550100", "15550101"],
    ],
    [["*", "+", "", " ", null, true, {}], []],
    [
      [{ id: "a@x.com" }, { handle: "b@x.com" }],
      ["a@x.com", "b@x.com"],
    ],
    [{ version: 1, allowFrom: ["a@x.com"] }, ["a@x.com"]],
    [{ "+15550100": {}, "a@x.com": {}, version: 1 }, ["+15550100", "a@x.com"]],
  ])("is read from %j: %j", (content, handles) => {
    write("credentials/imessage-allowFrom.json", content);
    expect(read("remoteclaw")).toEqual(handles.map((handle) => `home ${handle}`));
    expect(readApproved(source("remoteclaw"), { all: [], fallback: "home" })).not.toHaveProperty("problem");
  });

  it.each(["{ broken", "5", ""])(
    "is lost in a file that cannot be read, and not in another: %j",
    (content) => {
      write("credentials/imessage-allowFrom.json", content);
      write("credentials/imessage-work-allowFrom.json", ["b@x.com"]);
      write("credentials/bluebubbles-allowFrom.json", "{ broken");
      expect(readApproved(source("remoteclaw"), { all: [], fallback: "home" })).toEqual({
        senders: [{ account: "work", handle: "b@x.com" }],
        problem: expect.stringMatching(/^\S+imessage-allowFrom\.json (cannot be read|holds no list)[^;]*$/),
      });
    },
  );

  it("is lost in a folder that cannot be read, of OpenClaw's database also where there are files of earlier releases", () => {
    const lost = (dialect: Dialect) => readApproved(source(dialect), { all: [], fallback: "home" });
    symlinkSync("state", join(home, "state"));
    write("credentials/imessage-allowFrom.json", ["old@x.com"]);
    expect(lost("openclaw")).toEqual({ senders: [], problem: expect.stringContaining("ELOOP") });
    expect(lost("remoteclaw").senders).toHaveLength(1);
    rmSync(join(home, "credentials"), { recursive: true });
    symlinkSync("credentials", join(home, "credentials"));
    expect(lost("remoteclaw")).toEqual({ senders: [], problem: expect.stringContaining("ELOOP") });
  });

  it("is asked of OpenClaw's database where it has the table, of this channel and by its accounts", () => {
    write("credentials/imessage-allowFrom.json", ["old@x.com"]);
    mkdirSync(join(home, "state"));
    const database = openDatabase(join(home, "state/openclaw.sqlite"));
    database.exec("CREATE TABLE other (x TEXT)");
    expect(read("openclaw")).toEqual(["home old@x.com"]);
    database.exec(
      "CREATE TABLE channel_pairing_allow_entries (channel_key TEXT, account_id TEXT, entry TEXT, sort_order INTEGER)",
    );
    expect(read("openclaw")).toEqual([]);
    const put = database.prepare("INSERT INTO channel_pairing_allow_entries VALUES (?, ?, ?, ?)");
    put.run("imessage", "Work", "b@x.com", 2);
    put.run("imessage", "Work", "c@x.com", 1);
    put.run("imessage", " ", "a@x.com", 0);
    put.run("imessage", "work", "*", 0);
    put.run("telegram", "work", "t@x.com", 0);
    database.close();
    expect(read("openclaw")).toEqual(["home a@x.com", "work c@x.com", "work b@x.com"]);
    // Others never had it.
    expect(read("remoteclaw")).toEqual(["home old@x.com"]);
  });
});

describe("which file is read", () => {
  const find = (dialect?: Dialect, file?: string, env: Record<string, string> = {}) => {
    const found = findSource(dialect, file, { env, home });
    return found.ok ? [found.value.dialect, found.value.file, found.value.stateDir] : found.error.code;
  };
  const at = (path: string) => join(home, path);

  it("is the first that is there, or that of the system that is named", () => {
    expect(find()).toBe("IMPORT_NOT_FOUND");
    const clawdbot = write(".clawdbot/clawdbot.json", {});
    expect(find()).toEqual(["clawdbot", clawdbot, at(".clawdbot")]);
    const remoteclaw = write(".remoteclaw/remoteclaw.json", {});
    const openclaw = write(".openclaw/openclaw.json", {});
    expect(find()).toEqual(["openclaw", openclaw, at(".openclaw")]);
    expect(find("remoteclaw")).toEqual(["remoteclaw", remoteclaw, at(".remoteclaw")]);
    expect(find("clawdbot")).toEqual(["clawdbot", clawdbot, at(".clawdbot")]);
  });

  it("is, for BlueBubbles, the first that has its block", () => {
    write(".openclaw/openclaw.json", { channels: { imessage: {} } });
    expect(find("bluebubbles")).toBe("IMPORT_NOT_FOUND");
    const file = write(".remoteclaw/remoteclaw.json", { channels: { bluebubbles: {} } });
    expect(find("bluebubbles")).toEqual(["bluebubbles", file, at(".remoteclaw")]);
  });

  it("is where the system's variables say", () => {
    const moved = write("moved/openclaw.json", {});
    expect(find("openclaw", undefined, { OPENCLAW_STATE_DIR: "~/moved" })).toEqual([
      "openclaw",
      moved,
      at("moved"),
    ]);
    const named = write("own.json", {});
    const env = { OPENCLAW_STATE_DIR: "~/moved", OPENCLAW_CONFIG_PATH: "~/own.json" };
    expect(find("openclaw", undefined, env)).toEqual(["openclaw", named, at("moved")]);
    expect(find("openclaw", undefined, { OPENCLAW_CONFIG_PATH: named })).toEqual([
      "openclaw",
      named,
      at(".openclaw"),
    ]);
    expect(find("remoteclaw", undefined, env)).toBe("IMPORT_NOT_FOUND");
    const other = write("other/clawdbot.json", {});
    expect(find(undefined, undefined, { OPENCLAW_STATE_DIR: "", CLAWDBOT_STATE_DIR: at("other") })).toEqual([
      "clawdbot",
      other,
      at("other"),
    ]);
  });

  it.each<[object, Dialect]>([
    [{ channels: { imessage: {} } }, "openclaw"],
    [{ imessage: {} }, "clawdbot"],
    [{ routing: {} }, "clawdbot"],
    [{ channels: { bluebubbles: {} } }, "bluebubbles"],
    [{ channels: { bluebubbles: {}, imessage: {} } }, "openclaw"],
    [{ imessage: 5, routing: [] }, "openclaw"],
  ])("that is named is told by what is in it: %j is %s", (content, dialect) => {
    const file = write("x/any.json", content);
    expect(find(undefined, "~/x/any.json")).toEqual([dialect, file, at("x")]);
    expect(find("remoteclaw", file)).toEqual(["remoteclaw", file, at("x")]);
  });

  it("that is named has its state where its system's variable says, beside it, or in the usual place", () => {
    const file = write("dotfiles/openclaw.json", {});
    const stateOf = (dialect: Dialect, env: Record<string, string> = {}) => find(dialect, file, env)[2];
    write(".remoteclaw/credentials/x.json", []);
    expect(stateOf("openclaw")).toBe(at("dotfiles"));
    write(".openclaw/credentials/x.json", []);
    expect(stateOf("openclaw")).toBe(at(".openclaw"));
    expect(stateOf("remoteclaw")).toBe(at(".remoteclaw"));
    expect(stateOf("bluebubbles")).toBe(at(".openclaw"));
    expect(stateOf("openclaw", { REMOTECLAW_STATE_DIR: "~/moved" })).toBe(at(".openclaw"));
    expect(stateOf("bluebubbles", { REMOTECLAW_STATE_DIR: "~/moved" })).toBe(at("moved"));
    write("dotfiles/imessage/catchup/x.json", {});
    expect(stateOf("openclaw")).toBe(at("dotfiles"));
    expect(stateOf("openclaw", { OPENCLAW_STATE_DIR: "~/moved" })).toBe(at("moved"));
  });

  it("cannot be read where it is no object, or broken", () => {
    for (const content of ["[]", "5", "{"]) {
      expect(find(undefined, write("any.json", content))).toBe("IMPORT_UNREADABLE");
      write(".openclaw/openclaw.json", content);
      expect(find()).toBe("IMPORT_UNREADABLE");
    }
    expect(find(undefined, "~/none.json")).toBe("IMPORT_UNREADABLE");
  });

  it.each<[object, string]>([
    [{ $include: "./a.json5", channels: {} }, "$include"],
    [{ channels: { imessage: { $include: ["./a.json5"] } } }, "channels.imessage.$include"],
    [{ agents: { list: [{ id: "a" }, { $include: "./b.json5" }] } }, "agents.list[1].$include"],
  ])("is refused where it takes in others: %j", (content, place) => {
    const found = findSource("remoteclaw", write("any.json", content), { env: {}, home });
    expect(found).toMatchObject({
      error: {
        code: "IMPORT_UNREADABLE",
        message: expect.stringContaining(`takes in other files (${place})`),
        hint: "Put everything into one file, and name it: tapback import remoteclaw FILE",
      },
    });
    // The word alone takes in nothing.
    expect(find("openclaw", write("any.json", { name: "$include" }))).toContain("openclaw");
  });
});
