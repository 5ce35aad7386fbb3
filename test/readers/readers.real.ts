import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase, type SqlValue } from "../../src/platform/index.js";
import { Comparison, type KnownFault } from "./comparison.js";
import { type ElizaMessage, fieldsOfEliza } from "./eliza.js";
import { fieldsOfKit, type KitMessage } from "./kit.js";
import { knownFaults } from "./known-faults.js";
import { RichWorld } from "./rich-world.js";
import { fieldsOfBody, fieldsOfPayload, typedstreamReader } from "./typedstreams.js";

const given = process.env.TAPBACK_READERS;
if (given === undefined) throw new Error("run these with `npm run test:readers`");
const folders = JSON.parse(given) as Record<"kit" | "parseaple" | "typedstream" | "eliza" | "bun", string>;

/** Runs a reader's program under Bun. @throws what it says on stderr */
function readWith<Message>(program: string, folder: string, dbPath: string) {
  const path = join(import.meta.dirname, "programs", program);
  const out = execFileSync(join(folders.bun, "../.bin/bun"), [path, folder, dbPath], {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  return JSON.parse(out) as { messages: Message[]; chats: { chatId: string }[] };
}

const compared: Comparison[] = [];
const used = new Set<KnownFault>();

afterAll(() => {
  process.stdout.write(`\n${compared.map(({ line }) => line).join("\n")}\n\nBy the readers' own fault:\n`);
  for (const fault of used) process.stdout.write(`- ${fault.reader}, ${fault.what}: ${fault.why}\n`);
});

/** Tells the first differences that nothing explains. */
function settle(comparison: Comparison, rows: number): void {
  compared.push(comparison);
  for (const fault of comparison.known.keys()) used.add(fault);
  expect(comparison.open.slice(0, 10)).toEqual([]);
  expect(comparison.rows).toBe(rows);
}

const worlds = [
  { macos: "15", body: "both" },
  { macos: "15", body: "attributed" },
  { macos: "26", body: "both" },
  { macos: "26", body: "attributed" },
] as const;

describe.each(worlds)("a world of macOS $macos with texts in $body", (settings) => {
  let world: RichWorld;
  beforeAll(() => {
    world = new RichWorld(settings);
  });
  afterAll(() => world.close());

  const comparisonOf = (reader: string) =>
    new Comparison(reader, `macOS ${settings.macos}, ${settings.body}`, knownFaults);
  const rows = (sql: string): Record<string, SqlValue>[] => {
    const database = openDatabase(world.dbPath, { readOnly: true });
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  const chats = (key: "chatGuid" | "chatIdentifier") =>
    [...new Set([...world.said.values()].map((said) => said[key]))].sort();

  it("@photon-ai/imessage-kit", () => {
    const read = () => readWith<KitMessage>("kit.mjs", folders.kit, world.dbPath);
    // It knows the database of macOS 26 alone.
    if (settings.macos === "15") return expect(read).toThrow(/no such column: message.ck_chat_id/);
    const { messages, chats: listed } = read();
    const comparison = comparisonOf("@photon-ai/imessage-kit");
    for (const message of messages) {
      const said = world.said.get(message.id);
      expect(said, message.id).toBeDefined();
      comparison.row(said!, fieldsOfKit(said!, message));
    }
    expect(listed.map(({ chatId }) => chatId).sort()).toEqual(chats("chatGuid"));
    return settle(comparison, world.said.size);
  });

  it("@elizaos/plugin-imessage", () => {
    const { messages, chats: listed } = readWith<ElizaMessage>("eliza.mjs", folders.eliza, world.dbPath);
    const comparison = comparisonOf("@elizaos/plugin-imessage");
    for (const message of messages) {
      const said = world.said.get(message.guid);
      expect(said, message.guid).toBeDefined();
      comparison.row(said!, fieldsOfEliza(said!, message));
    }
    expect(listed.map(({ chatId }) => chatId).sort()).toEqual(chats("chatIdentifier"));
    settle(comparison, world.said.size);
  });

  describe.each([
    { name: "@parseaple/typedstream", folder: folders.parseaple, isModule: true },
    { name: "node-typedstream", folder: folders.typedstream, isModule: false },
  ])("$name", ({ name, folder, isModule }) => {
    it("reads the texts, names and files of every row, and what edited ones have said", async () => {
      const reader = await typedstreamReader(folder, isModule);
      const comparison = comparisonOf(name);
      for (const row of rows("SELECT guid, attributedBody, message_summary_info FROM message")) {
        const said = world.said.get(String(row.guid));
        expect(said, String(row.guid)).toBeDefined();
        const blob = (value: SqlValue | undefined) => (value instanceof Uint8Array ? value : undefined);
        const held = { body: blob(row.attributedBody), summary: blob(row.message_summary_info) };
        comparison.row(said!, fieldsOfBody(said!, reader, held));
      }
      settle(comparison, world.said.size);
    });

    it("reads the archives of polls, votes and links", async () => {
      const reader = await typedstreamReader(folder, isModule);
      const comparison = comparisonOf(`${name} (plist)`);
      for (const row of rows("SELECT guid, payload_data FROM message WHERE payload_data IS NOT NULL")) {
        const said = world.said.get(String(row.guid))!;
        comparison.row(said, fieldsOfPayload(said, reader, row.payload_data as Uint8Array));
      }
      settle(comparison, 6);
    });
  });
});

it("needs every line of the table of known faults", () => {
  const needless = knownFaults.filter((fault) => !used.has(fault));
  expect(needless.map(({ reader, what }) => `${reader}: ${what}`)).toEqual([]);
});
