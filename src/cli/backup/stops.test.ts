import { expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import type { MessageRow } from "../../conversation/index.js";
import { stopsIn } from "./stops.js";

const mia = "+15550100123";
const sam = "sam@example.com";
const owner = "+15550100999";
const said = (sentAt: number, sender: string, text: string, fields: Partial<MessageRow> = {}) =>
  directMessage({ rowId: sentAt, guid: `G${sentAt}`, sentAt, sender, text, ...fields });
const words = new Set(["STOP", "BASTA"]);
const stops = (...rows: MessageRow[]) => stopsIn(rows, words, [owner], "US");

it("names who said STOP last, by whatever service, and nobody else", () => {
  const group = { ...said(1, mia, "").chat, isGroup: true, participants: [mia, sam] };
  const rows = [
    said(4, mia, " Stop "),
    said(3, mia, "START"),
    said(2, mia, "stop"),
    said(5, sam, "basta"),
    said(6, sam, "Start"),
    said(7, owner, "STOP"),
    said(8, "+15550100124", "please stop"),
    said(9, "+15550100125", "STOP", { chat: group }),
    said(10, "+15550100126", "STOP", { fromMe: true }),
    said(11, "+15550100127", "STOP", { tapback: { kind: "like" } as never }),
    said(12, "", "STOP"),
  ];
  expect(stops(...rows)).toEqual([{ handle: mia, since: 4 }]);
  expect(stops(...rows.reverse())).toEqual([{ handle: mia, since: 4 }]);
  expect(stops(said(1, "(555) 010-0123", "STOP"))).toEqual([{ handle: mia, since: 1 }]);
});

it("reads numbers in the region of the account, as its gates and its owners have them", () => {
  const rows = [said(1, "01701234567", "STOP"), said(2, "0170 7654321", "STOP")];
  expect(stopsIn(rows, words, ["+491707654321"], "DE")).toEqual([{ handle: "+491701234567", since: 1 }]);
});
