import { describe, expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import type { MessageRow } from "../../conversation/index.js";
import type { JournalEntry } from "../../store/index.js";
import { answeredSince, type Known } from "./since.js";

const mia = "+15550100001";
const row = (rowId: number, text: string, fields: Partial<MessageRow> = {}) =>
  directMessage({ rowId, guid: `G${rowId}`, text, sentAt: rowId * 1000, ...fields });
const own = (rowId: number, text: string) => row(rowId, text, { fromMe: true });
const chatOf = (handle: string, service = "iMessage") => ({
  ...row(1, "").chat,
  id: 7,
  guid: `${service};-;${handle}`,
  identifier: handle,
});
const entry = (message: MessageRow): JournalEntry => ({
  id: message.rowId * 10,
  account: "default",
  row: message,
  arrival: "live",
  receivedAt: 0,
  state: "in_turn",
});
const sinceThen = (rows: MessageRow[], known: Known) => answeredSince(rows, known, "US");
const nothing = { unfinished: [], guids: new Set<string>(), unsent: [] };

describe("what may have been answered since a backup", () => {
  it("is all that stands before an own row of the same chat that the backup does not know", () => {
    const rows = [row(1, "a"), row(2, "b"), own(3, "answer"), row(4, "c")];
    const known = { ...nothing, guids: new Set(["G1"]), unfinished: [entry(rows[0]!), entry(rows[3]!)] };
    expect(sinceThen(rows, known)).toEqual({ aside: [10], seen: [rows[1]], own: [rows[2]] });
  });

  it("is nothing where the own row is known, waited to be sent, or stands in another chat", () => {
    const rows = [row(1, "a"), own(2, "known"), own(3, "waited"), own(4, "elsewhere")];
    rows[3]!.chat = chatOf("+15550100009");
    const known = {
      ...nothing,
      guids: new Set(["G2"]),
      unsent: [{ text: "waited", places: ["+15550100123"] }],
    };
    expect(sinceThen(rows, known)).toEqual({ aside: [], seen: [], own: [rows[3]] });
  });

  it("counts one own row for each message that waited", () => {
    const rows = [row(1, "a"), own(2, "ok"), own(3, "ok")];
    expect(sinceThen(rows, { ...nothing, unsent: [{ text: "ok", places: ["+15550100123"] }] }).seen).toEqual([
      rows[0],
    ]);
  });

  it("takes a text that waited in one chat for no answer in another", () => {
    const sam = { ...chatOf("+15550100009"), id: 3 };
    const asked = row(900, "please book it");
    const [answer, waited] = [own(901, "Done."), row(905, "Done.", { fromMe: true, chat: sam })];
    const rows = [asked, answer, waited];
    for (const places of [["+15550100009"], ["chat_id:3"]]) {
      const known = { ...nothing, guids: new Set(["G900"]), unfinished: [entry(asked)] };
      expect(sinceThen(rows, { ...known, unsent: [{ text: "Done.", places }] })).toEqual({
        aside: [9000],
        seen: [],
        own: [answer],
      });
    }
    // Where nobody can tell the chat, it explains nothing.
    const known = { ...nothing, unsent: [{ text: "Done.", places: [] }] };
    expect(sinceThen(rows, known).own).toEqual([answer, waited]);
  });

  it("takes a person's chats for one, and goes by times where the database is another one", () => {
    const message = row(900, "a", { guid: "GONE", sentAt: 2000 });
    message.chat = chatOf(mia, "SMS");
    const answer = own(3, "answer");
    answer.chat = chatOf(mia);
    expect(sinceThen([answer], { ...nothing, unfinished: [entry(message)] }).aside).toEqual([9000]);
    // A row of SMS may have the number as it is dialled in the country.
    message.chat = chatOf("01701234567", "SMS");
    answer.chat = chatOf("+491701234567");
    const known = { ...nothing, unfinished: [entry(message)] };
    expect(answeredSince([answer], known, "DE").aside).toEqual([9000]);
    expect(answeredSince([answer], known, "US").aside).toEqual([]);
    [message.chat, answer.chat] = [chatOf(mia, "SMS"), chatOf(mia)];
    answer.sentAt = 1999;
    expect(sinceThen([answer], { ...nothing, unfinished: [entry(message)] }).aside).toEqual([]);
  });
});
