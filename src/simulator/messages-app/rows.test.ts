import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase, type SqlValue } from "../../platform/index.js";
import { decodePlist } from "../chat-db/binary-plist.js";
import { decodeAttributedBody } from "../chat-db/typedstream.js";
import { openSimulator, type Simulator } from "../simulator.js";

let folder: string;
let world: Simulator;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rows-"));
});
afterEach(() => {
  world.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function rows(sql: string, ...values: SqlValue[]): Record<string, SqlValue>[] {
  const database = openDatabase(join(folder, "chat.db"), { readOnly: true });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}
const row = (guid: string, columns: string) =>
  rows(`SELECT ${columns} FROM message WHERE guid = ?`, guid)[0]!;
const summaryOf = (guid: string) =>
  decodePlist(row(guid, "message_summary_info AS s").s as Uint8Array) as Record<string, never>;
const file = (name: string) => {
  writeFileSync(join(folder, name), name);
  return join(folder, name);
};
const mia = "+15550100123";

describe("the rows that Messages writes", () => {
  it("name the group's room once the message is in it", () => {
    world = openSimulator(folder);
    const group = world.group([mia, "sam@example.com"], { name: "Climbing" });
    const { guid } = world.say({ from: mia, chat: group.id, text: "Saturday?" });
    expect(row(guid, "cache_roomnames").cache_roomnames).toBe(group.identifier);
    world.fault({ kind: "late-join", ms: 60_000, times: 1 });
    const late = world.say({ from: mia, chat: group.id, text: "Sunday?" });
    expect(row(late.guid, "cache_roomnames").cache_roomnames).toBeNull();
    const direct = world.say({ from: mia, text: "Hello" });
    expect(row(direct.guid, "cache_roomnames, cache_has_attachments, part_count, version")).toEqual({
      cache_roomnames: null,
      cache_has_attachments: 0,
      part_count: 1,
      version: 10,
    });
    expect(summaryOf(direct.guid)).toEqual({ ust: true, amc: 0 });
  });

  it("keep all that an edited message has said, and its files", () => {
    world = openSimulator(folder);
    const at = Date.UTC(2026, 4, 9, 6, 13, 20);
    const { guid } = world.say({ from: mia, text: "the whiteborad", attach: [file("a.jpg")], at });
    world.edit(guid, "the whiteboard", at + 60_000);
    world.edit(guid, "the whiteboard!", at + 120_000);
    const { ec, ep, otr, ust, euh } = summaryOf(guid) as unknown as {
      ec: Record<string, { d: { value: number }; t: Uint8Array }[]>;
      ep: number[];
      otr: object;
      ust: boolean;
      euh: string;
    };
    const appleSeconds = at / 1000 - 978_307_200;
    expect(Object.keys(ec)).toEqual(["1"]);
    expect(ec[1]!.map(({ d, t }) => [d.value - appleSeconds, decodeAttributedBody(t)])).toEqual([
      [0, "the whiteborad"],
      [60, "the whiteboard"],
      [120, "the whiteboard!"],
    ]);
    expect({ ep, otr, ust, euh }).toEqual({
      ep: [1],
      otr: { "0": { lo: 0, le: 1 }, "1": { lo: 1, le: 14 } },
      ust: true,
      euh: mia,
    });
    const { text, attributedBody, part_count } = row(guid, "text, attributedBody, part_count");
    expect({ text, part_count }).toEqual({ text: "\ufffcthe whiteboard!", part_count: 2 });
    expect(decodeAttributedBody(attributedBody as Uint8Array)).toBe(text);
  });

  it("say which parts were taken back", () => {
    world = openSimulator(folder);
    const { guid } = world.say({ from: mia, text: "oops", attach: [file("a.jpg"), file("b.jpg")] });
    world.unsend(guid);
    expect(summaryOf(guid)).toMatchObject({ rp: [0, 1, 2], otr: { "2": { lo: 2, le: 4 } }, ust: true });
    expect(
      row(guid, "text, attributedBody, is_empty, date_edited > 0 AS edited, date_retracted > 0 AS back"),
    ).toEqual({
      text: null,
      attributedBody: null,
      is_empty: 1,
      edited: 1,
      back: 1,
    });
  });

  it("mark the file that a tapback is on, and what it is about", () => {
    world = openSimulator(folder);
    const { guid } = world.say({ from: mia, text: "lunch" });
    const love = world.tapback(mia, guid, "love").guid;
    expect(row(love, "associated_message_range_location AS l, associated_message_range_length AS n")).toEqual(
      {
        l: 0,
        n: 5,
      },
    );
    expect(summaryOf(love)).toEqual({ ams: "lunch", amc: 1, ust: true });
    expect(summaryOf(guid)).toEqual({ ust: true, amc: 1 });
    const picture = world.say({ from: mia, text: "this one", attach: [file("a.jpg")] }).guid;
    const like = world.tapback(mia, picture, "like").guid;
    expect(row(like, "associated_message_range_length AS n").n).toBe(1);
  });

  it("carry polls, votes and previews as Apple's archives", () => {
    world = openSimulator(folder);
    const poll = world.poll(mia, { question: "Dinner?", options: ["Pizza", "Sushi"] });
    const vote = world.vote("me", poll.guid, "Sushi");
    const item = (guid: string) => {
      const archive = decodePlist(row(guid, "payload_data AS p").p as Uint8Array) as { $objects: unknown[] };
      const url = archive.$objects.find((held) => typeof held === "string" && held.startsWith("data:,"));
      const [, json] = /^data:,([A-Za-z0-9+/=]+)/.exec(String(url))!;
      return JSON.parse(Buffer.from(json!, "base64").toString("utf8"));
    };
    expect(item(poll.guid)).toMatchObject({
      version: 1,
      item: {
        title: "Dinner?",
        creatorHandle: mia,
        orderedPollOptions: poll.options.map(({ id, text }) => ({ optionIdentifier: id, text })),
      },
    });
    expect(item(vote.guid).item).toEqual({
      votes: [{ voteOptionIdentifier: poll.options[1]!.id, participantHandle: "bot@example.com" }],
    });
    world.say({ from: mia, text: "https://example.com/post/1", splitMs: 0 });
    const [link] = rows(
      "SELECT payload_data FROM message WHERE balloon_bundle_id LIKE '%URLBalloonProvider'",
    );
    const held = (decodePlist(link!.payload_data as Uint8Array) as { $objects: unknown[] }).$objects;
    expect(held).toContain("https://example.com/post/1");
    expect(held).toContainEqual({ $classname: "LPLinkMetadata", $classes: ["LPLinkMetadata", "NSObject"] });
  });

  it("tell the account that it was named", () => {
    world = openSimulator(folder);
    const { guid } = world.say({ from: mia, text: "Ask Bot", mentions: { Bot: "bot@example.com" } });
    expect(row(guid, "has_unseen_mention").has_unseen_mention).toBe(1);
    expect(
      Buffer.from(row(guid, "attributedBody").attributedBody as Uint8Array).includes("bot@example.com"),
    ).toBe(true);
  });

  it("name a file below the home folder as Messages does", () => {
    vi.stubEnv("HOME", folder);
    const library = join(folder, "Library", "Messages");
    world = openSimulator(library);
    const { guid } = world.say({ from: mia, text: "", attach: [file("a.jpg")] });
    const database = openDatabase(join(library, "chat.db"), { readOnly: true });
    const { filename } = database.prepare("SELECT filename FROM attachment").get()!;
    database.close();
    expect(filename).toMatch(/^~\/Library\/Messages\/Attachments\/.*\/a\.jpg$/);
    expect(world.transcript().find((entry) => entry.guid === guid)?.attachments[0]).toMatch(/^\/.*a\.jpg$/);
  });

  it("give both rows of a message to oneself a file of their own, which its text names", () => {
    world = openSimulator(folder);
    const { chatId } = world.say({ from: "bot@example.com", text: "to me" });
    world.say({ from: "me", chat: chatId, attach: [file("a.jpg")] });
    const found = rows(
      `SELECT m.attributedBody AS body, a.guid FROM message m JOIN message_attachment_join j ON j.message_id = m.ROWID
       JOIN attachment a ON a.ROWID = j.attachment_id`,
    );
    expect(new Set(found.map(({ guid }) => guid)).size).toBe(2);
    for (const { body, guid } of found)
      expect(Buffer.from(body as Uint8Array).includes(String(guid))).toBe(true);
  });

  it("keep the person who was removed for the row that says so", () => {
    world = openSimulator(folder);
    const group = world.group([mia, "sam@example.com"], { name: "Climbing" });
    const { guid } = world.members(mia, group.id, { remove: "sam@example.com" });
    expect(
      rows("SELECT h.id FROM message m JOIN handle h ON h.ROWID = m.other_handle WHERE m.guid = ?", guid),
    ).toEqual([{ id: "sam@example.com" }]);
    expect(rows("SELECT count(*) AS n FROM chat_handle_join")[0]!.n).toBe(1);
  });
});

describe("a world of macOS 26", () => {
  it("names no service in GUIDs, and the service in ck_chat_id, also before a row is joined", () => {
    world = openSimulator(folder, { macos: "26" });
    const group = world.group([mia, "sam@example.com"]);
    world.fault({ kind: "late-join", ms: 60_000, times: 1 });
    const late = world.say({ from: mia, chat: group.id, text: "first" });
    expect(late.chatGuid).toBe(`any;+;${group.identifier}`);
    expect(row(late.guid, "ck_chat_id").ck_chat_id).toBe(`iMessage;+;${group.identifier}`);
    const { guid, chatGuid } = world.say({ from: mia, text: "second" });
    expect(chatGuid).toBe(`any;-;${mia}`);
    expect(row(guid, "ck_chat_id, date_read, date_delivered, date_edited, date_retracted")).toEqual({
      ck_chat_id: `iMessage;-;${mia}`,
      date_read: null,
      date_delivered: null,
      date_edited: null,
      date_retracted: null,
    });
    world.unsend(guid);
    expect(row(guid, "date_retracted, is_empty")).toEqual({ date_retracted: null, is_empty: 1 });
  });

  it("gives every attachment its original GUID", () => {
    world = openSimulator(folder, { macos: "26" });
    world.say({ from: mia, text: "", attach: [file("a.jpg")] });
    expect(rows("SELECT guid = original_guid AS same FROM attachment")).toEqual([{ same: 1 }]);
  });

  it("is decided before the database is made", () => {
    world = openSimulator(folder);
    expect(() => world.set({ macos: "26" })).toThrow(/there already/);
    expect(() => openSimulator(folder, { macos: "26" })).toThrow(/there already/);
    expect(world.settings().macos).toBe("15");
  });
});
