import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/platform/index.js";
import { encodeAttributedBody } from "../../../src/simulator/chat-db/typedstream.js";
import { type ImsgUnderTest, underTest } from "../../contract/imsg-under-test.js";
import type { RpcChild } from "../../contract/rpc-client.js";
import { removeFolder } from "../../support/remove-folder.js";

type Message = Record<string, unknown>;

const mia = "+15550100123";
const sam = "sam@example.com";
const noon = Date.UTC(2026, 4, 9, 12);

/** What a real imsg 0.9.0 was seen to do (protocol reference 12, rows 14 and 21 to 26), through the program. */
describe("imsg-sim 0.9.0, as the real one", () => {
  let imsg: ImsgUnderTest;
  let rpc: RpcChild;
  const folder = mkdtempSync(join(tmpdir(), "imsg-0.9-"));
  beforeAll(async () => {
    imsg = await underTest({ version: "0.9.0", sip: "disabled", bridge: true });
    rpc = imsg.rpc();
  });
  afterAll(async () => {
    await imsg.close();
    await removeFolder(folder);
  });

  async function history(chatId: number, params: object = {}): Promise<Message[]> {
    const { messages } = await rpc.call("messages.history", { chat_id: chatId, ...params });
    return messages as Message[];
  }
  const sql = (statement: string, ...values: (string | number | Uint8Array | null)[]) => {
    const database = openDatabase(imsg.world.dbPath);
    database.prepare(statement).run(...values);
    database.close();
  };

  describe("tapbacks", () => {
    it.each<[string, [from: string, kind: string, remove?: boolean, text?: string][], [string, string][]]>([
      [
        "several custom ones by one person stay",
        [
          [mia, "🎉"],
          [mia, "🦊"],
        ],
        [
          [mia, "🎉"],
          [mia, "🦊"],
        ],
      ],
      [
        "one is taken off by its emoji",
        [
          [mia, "🎉"],
          [mia, "🦊"],
          [mia, "🎉", true],
        ],
        [[mia, "🦊"]],
      ],
      [
        "one that is put again keeps its place",
        [
          [mia, "🎉"],
          [mia, "love"],
          [mia, "🎉"],
        ],
        [
          [mia, "🎉"],
          [mia, "❤️"],
        ],
      ],
      [
        "of two people each has its own",
        [
          [mia, "🎉"],
          [sam, "🎉"],
          [mia, "🎉", true],
        ],
        [[sam, "🎉"]],
      ],
      [
        "a removal without an emoji takes the first custom one",
        [
          [mia, "love"],
          [mia, "🎉"],
          [mia, "🦊"],
          [mia, "🎉", true, "Entfernt"],
        ],
        [
          [mia, "❤️"],
          [mia, "🦊"],
        ],
      ],
    ])("%s", async (_, acts, left) => {
      const { id } = imsg.world.group([mia, sam]);
      const { guid } = imsg.world.say({ from: mia, chat: id, text: "hello" });
      for (const [from, kind, remove, text] of acts) {
        const placed = imsg.world.tapback(from, guid, kind, remove);
        if (text !== undefined) sql("UPDATE message SET text = ? WHERE ROWID = ?", text, placed.id);
      }
      const [message] = await history(id);
      const reactions = message?.reactions as Message[];
      expect(reactions.map(({ sender, emoji }) => [sender, emoji])).toEqual(left);
    });

    it.each([0, 4, 5, 17])("are found on part %i", async (part) => {
      const { guid, chatId } = imsg.world.say({ from: mia, text: "parts" });
      const row = imsg.world.tapback(mia, guid, "love");
      sql("UPDATE message SET associated_message_guid = ? WHERE ROWID = ?", `p:${part}/${guid}`, row.id);
      expect((await history(chatId, { limit: 1 }))[0]?.reactions).toMatchObject([{ emoji: "❤️" }]);
    });
  });

  describe("bodies", () => {
    it.each<[string, Uint8Array, string]>([
      ["NUL is kept", encodeAttributedBody("be\0fore"), "be\0fore"],
      ["U+200B in front goes", encodeAttributedBody("\u200bhello"), "hello"],
      ["U+202E in front goes", encodeAttributedBody("\u202ehello"), "hello"],
      ["U+FEFF in front goes", encodeAttributedBody("\ufeffhello"), "hello"],
      ["UTF-16 is read", Buffer.from("\ufeffHé 🎉", "utf16le"), "Hé 🎉"],
      ["the longest string is what people count", Buffer.from("\u0001+👩‍👩‍👧‍👦\u0001+four", "utf8"), "four"],
    ])("%s", async (_, body, text) => {
      const { id, chatId } = imsg.world.say({ from: mia, text: "body" });
      // Each mark of an end is two bytes that no text has.
      const bytes = Buffer.from(body);
      const marked = text === "four" ? withEnds(bytes) : bytes;
      sql("UPDATE message SET text = NULL, attributedBody = ? WHERE ROWID = ?", marked, id);
      expect((await history(chatId, { limit: 1 }))[0]?.text).toBe(text);
    });

    it("an archive that comes as text has lost what stands in front of its name", async () => {
      const { id, chatId } = imsg.world.say({ from: mia, text: "body" });
      const body = encodeAttributedBody("press 🆄 now");
      sql("UPDATE message SET text = NULL, attributedBody = ? WHERE ROWID = ?", body, id);
      expect((await history(chatId, { limit: 1 }))[0]?.text).toMatch(/^streamtyped/);
    });
  });

  describe("dates", () => {
    it("list the lower of two equal ones first, in history and in chats", async () => {
      const rows = [0, 1, 2].map((i) =>
        imsg.world.say({ from: "+15550100201", text: `same ${i}`, at: noon }),
      );
      const { chatId } = rows[0]!;
      const ids = rows.map(({ id }) => id);
      expect((await history(chatId)).map(({ id }) => id)).toEqual(ids);
      expect((await history(chatId, { limit: 1 })).map(({ id }) => id)).toEqual(ids.slice(0, 1));
      const other = imsg.world.say({ from: "+15550100202", text: "same too", at: noon });
      const { chats } = (await rpc.call("chats.list", { limit: 1000 })) as { chats: Message[] };
      const order = chats.map(({ id }) => id).filter((id) => id === chatId || id === other.chatId);
      expect(order).toEqual([chatId, other.chatId]);
      const { stdout } = await imsg.run("search", "--query", "same", "-j");
      const found = stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as Message).id);
      expect(found).toEqual([other.id, ...[...ids].reverse()]);
    });

    it("show a row that was stored again where the first one is", async () => {
      const from = "+15550100203";
      const [first, last] = ["first", "last"].map((text, i) => imsg.world.say({ from, text, at: noon + i }));
      const again = imsg.world.reinsert(first!.guid);
      const ids = (await history(first!.chatId)).map(({ id }) => id);
      expect(ids).toEqual([last!.id, first!.id, again.id]);
    });

    it("are the beginning of 2001 where there is none", async () => {
      const { id, chatId } = imsg.world.say({ from: "+15550100204", text: "timeless" });
      sql("UPDATE message SET date = NULL WHERE ROWID = ?", id);
      const beginning = "2001-01-01T00:00:00.000Z";
      expect((await history(chatId))[0]?.created_at).toBe(beginning);
      const { chats } = (await rpc.call("chats.list", { limit: 1000 })) as { chats: Message[] };
      expect(chats.at(-1)).toMatchObject({ id: chatId, last_message_at: beginning });
    });

    it("are taken in full alone", async () => {
      for (const start of ["", "2026-05-09", "2026-05-09T12:00:00"])
        expect((await rpc.request("messages.history", { chat_id: 1, start })).error).toMatchObject({
          code: -32603,
          data: `Invalid ISO8601 date: ${start}`,
        });
    });
  });

  it("keeps the words of a voice message in a binary property list", async () => {
    const file = join(folder, "Audio Message.caf");
    writeFileSync(file, "caff");
    const { chatId } = imsg.world.say({ from: mia, attach: [file], audio: true, text: "on my way" });
    const database = openDatabase(imsg.world.dbPath);
    const row = database.prepare("SELECT user_info FROM attachment ORDER BY ROWID DESC LIMIT 1").get();
    database.close();
    expect(
      Buffer.from(row?.user_info as Uint8Array)
        .subarray(0, 8)
        .toString(),
    ).toBe("bplist00");
    expect((await history(chatId, { limit: 1 }))[0]?.text).toBe("on my way");
  });

  describe("the command line", () => {
    let chat: string;
    beforeAll(() => {
      const { id } = imsg.world.group([mia, sam, "ada@example.com"], { name: "Lines" });
      chat = String(id);
      const files = ["one.txt", "two.txt"].map((name) => join(folder, name));
      for (const file of files) writeFileSync(file, "note");
      const say = (from: string, text: string, i: number, attach: string[] = []) =>
        imsg.world.say({ from, chat: id, text, attach, at: noon + i * 1000 });
      say(mia, "first", 0);
      say(sam, "second", 1, files.slice(0, 1));
      say("ada@example.com", "third", 2, files);
    });
    const line = (i: number, from: string, text: string) =>
      `2026-05-09T12:00:0${i}.000Z [recv] ${from}: ${text}`;
    const third = () => `${line(2, "ada@example.com", "\ufffc\ufffcthird")}\n  (2 attachments)\n`;
    const second = () => `${line(1, sam, "\ufffcsecond")}\n  (1 attachment)\n`;
    const first = () => `${line(0, mia, "first")}\n`;

    it.each<[string, string[], code: number, stdout: () => string]>([
      ["all", ["history"], 0, () => third() + second() + first()],
      ["--limit 1", ["history", "--limit", "1"], 0, third],
      ["--limit 0", ["history", "--limit", "0"], 0, () => ""],
      ["--limit not a number", ["history", "--limit", "many"], 0, () => third() + second() + first()],
      ["--limit negative", ["history", "--limit", "-5"], 1, () => "Missing value for option limit\n"],
      ["--participants A B", ["history", "--participants", mia, sam], 0, () => second() + first()],
      [
        "--participants A,B C",
        ["history", "--participants", `${mia},${sam}`, "x"],
        0,
        () => second() + first(),
      ],
      ["stray words", ["history", "--limit", "1", "--", "word"], 0, third],
      ["an unknown option", ["history", "--bogus"], 1, () => "Unknown option --bogus\n"],
    ])("history with %s", async (_, [command = "", ...args], code, stdout) => {
      const ran = await imsg.run(command, "--db", imsg.world.dbPath, "--chat-id", chat, ...args);
      // The database is named first where words follow that are not read.
      expect(ran).toMatchObject({ code, stdout: stdout() });
    });

    it.each<[string, string[], code: number, stdout: string | RegExp]>([
      ["chats --limit 0", ["chats", "--limit", "0"], 0, ""],
      ["chats --limit x", ["chats", "--limit", "x"], 0, /^\[\d+\] .+\n\[/],
      ["search without words", ["search", "--query", ""], 1, "Missing required option: --query\n"],
      ["search for blanks", ["search", "--query", "  "], 0, ""],
      ["search trims", ["search", "--query", " second "], 0, `${line(1, sam, "\ufffcsecond")}\n`],
      ["search --limit 0", ["search", "--query", "second", "--limit", "0"], 0, ""],
      ["group of an unknown chat", ["group", "--chat-id", "9999", "-j"], 1, "Chat not found: 9999\n"],
      ["group without a number", ["group", "--chat-id", "x"], 1, "Missing required option: --chat-id\n"],
      ["history of an unknown chat", ["history", "--chat-id", "9999"], 0, ""],
      ["status with a database", ["status", "--db", "chat.db"], 1, "Unknown option --db\n"],
    ])("%s", async (_, args, code, stdout) => {
      const ran = await imsg.run(...args);
      expect(ran.code).toBe(code);
      if (typeof stdout === "string") expect(ran.stdout).toBe(stdout);
      else expect(ran.stdout).toMatch(stdout);
    });

    it.each(["-j", "--json", "--json-output", "--jsonOutput", "-vj"])(
      "prints JSON with %s",
      async (option) => {
        const { stdout } = await imsg.run("history", "--chat-id", chat, "--limit", "1", option);
        expect(JSON.parse(stdout)).toMatchObject({ text: "\ufffc\ufffcthird", attachments: [{}, {}] });
      },
    );

    it("shows files, and a chat's people, as text", async () => {
      const { stdout } = await imsg.run("history", "--chat-id", chat, "--attachments", "--limit", "2");
      const file = (name: string) =>
        expect.stringMatching(
          new RegExp(`^  attachment: name=${name} mime=text/plain missing=false path=/.+/${name}$`),
        );
      expect(stdout.trimEnd().split("\n")).toEqual([
        line(2, "ada@example.com", "\ufffc\ufffcthird"),
        file("one.txt"),
        file("two.txt"),
        line(1, sam, "\ufffcsecond"),
        file("one.txt"),
      ]);
      const group = await imsg.run("group", "--chat-id", chat);
      expect(group.stdout).toContain(`\nname: Lines\nservice: iMessage\n`);
      expect(group.stdout).toContain(
        `\nis_group: true\nparticipants:\n  - ${mia}\n  - ada@example.com\n  - ${sam}\n`,
      );
    });
  });

  describe("requests", () => {
    const invalid = (data: string) => ({ code: -32602, message: "Invalid params", data });
    const target = invalid("chat_guid, chat_identifier, or chat_id is required");
    const unknown = invalid("unknown chat_id 9999");
    const message = invalid("message_id or message_guid is required");
    const chat = { chat_id: 1 };
    const nobody = { chat_id: 9999 };
    const any = { message_id: "X", text: "x", reaction: "love", file: "/x", name: "x", address: mia };
    const reaction = (raw: string) =>
      invalid(`unsupported tapback reaction ${raw}; use love, like, dislike, laugh, emphasize, or question`);

    it.each(
      [
        "chats.delete chats.markUnread send.rich send.attachment tapback message.edit message.unsend",
        "message.delete message.notifyAnyways group.rename group.setIcon group.addParticipant",
        "group.removeParticipant group.leave",
      ].flatMap((names) => names.split(" ")),
    )("%s complains of its target first", async (method) => {
      expect((await rpc.request(method)).error).toEqual(target);
      expect((await rpc.request(method, nobody)).error).toEqual(unknown);
      expect((await rpc.request(method, { ...nobody, ...any })).error).toEqual(unknown);
    });

    it.each<[method: string, params: Message, error: object]>([
      ["tapback", chat, message],
      ["tapback", { ...chat, message_id: "  ", reaction: "love" }, message],
      ["tapback", { ...chat, message_id: "X" }, invalid("reaction, kind, or emoji is required")],
      ["tapback", { ...chat, message_id: "X", reaction: "Wave" }, reaction("Wave")],
      ["message.edit", { ...chat, text: "x" }, message],
      ["message.edit", { ...chat, message_id: "X" }, invalid("text is required")],
      ["message.unsend", chat, message],
      ["send.attachment", chat, invalid("file is required")],
      ["group.rename", chat, invalid("name is required")],
      ["group.addParticipant", chat, invalid("address is required")],
      ["chats.create", {}, invalid("addresses is required (non-empty array of phone/email)")],
      ["send", { service: "fax" }, invalid("invalid service")],
      ["send", { service: "" }, invalid("invalid service")],
      ["send", { transport: "pigeon" }, invalid("invalid transport")],
      ["send", {}, invalid("to is required for direct sends")],
      ["send", { to: mia, ...chat }, invalid("use to or chat_*; not both")],
      ["send", { to: mia }, invalid("text or file is required")],
      ["send", { ...nobody, text: "x" }, unknown],
      [
        "send",
        { to: "+15550199999", text: "x", transport: "bridge" },
        invalid("bridge transport requires an existing chat target"),
      ],
      [
        "send",
        { ...chat, text: "x", file: "/x", transport: "bridge" },
        invalid("bridge transport does not support text and file together"),
      ],
      ["typing", {}, invalid("to is required")],
      ["typing", { ...nobody, service: "fax" }, unknown],
      ["typing", { to: mia, service: "fax" }, invalid("fax")],
      ["read", {}, invalid("to is required")],
      ["messages.history", {}, invalid("chat_id is required")],
      ["messages.history", { chat_id: "one" }, invalid("chat_id is required")],
      ["watch.unsubscribe", {}, invalid("subscription is required")],
      [
        "watch.subscribe",
        { debounce_ms: -1, start: "x" },
        invalid("debounce_ms must be a non-negative integer"),
      ],
      [
        "send.rich",
        { chat_guid: "iMessage;-;nobody" },
        { code: -32603, message: "Internal error", data: "Dylib error: Chat not found: iMessage;-;nobody" },
      ],
    ])("%s of %j", async (method, params, error) => {
      expect((await rpc.request(method, params)).error).toEqual(error);
    });

    it.each([
      [true, 1],
      ["1", 1],
      [1.9, 1],
    ])("takes chat_id %j for %i", async (given, id) => {
      const messages = await history(given as number, { limit: 1 });
      expect(messages).toMatchObject([{ chat_id: id }]);
    });

    it.each([
      ["1", -32700],
      ["null", -32700],
      ["true", -32700],
      ['"text"', -32700],
      ["{", -32700],
      ["[]", -32600],
    ])("answers the line %s with %i", async (line, code) => {
      const own = imsg.rpc();
      own.raw(`${line}\n`);
      const { id, error } = await own.until(() => true);
      expect([id, error?.code]).toEqual([null, code]);
    });
  });
});

/** Puts the mark of an end behind each string of a body. */
function withEnds(body: Buffer): Buffer {
  const end = Buffer.from([0x86, 0x84]);
  const second = body.indexOf("\u0001+", 2);
  return Buffer.concat([body.subarray(0, second), end, body.subarray(second), end]);
}
