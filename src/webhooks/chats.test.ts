import { expect, it } from "vitest";
import { row } from "../../test/contract/store/bench.js";
import type { JournalEntry, KeptEvent } from "../store/index.js";
import { isInChats } from "./chats.js";

const mia = "+15550100001";
const ben = "+15550100002";

/** A message of Mia's in a chat. */
function said(chat: Partial<JournalEntry["row"]["chat"]>, key: string): KeptEvent {
  const message = row(7);
  const about = { id: 1, row: { ...message, sender: mia, chat: { ...message.chat, ...chat } } };
  return {
    id: 1,
    account: "home",
    at: 1,
    chat: key,
    type: "message",
    facts: { arrival: "live" },
    about,
  } as KeptEvent;
}

const direct = { id: 7, guid: `iMessage;-;${mia}`, identifier: mia };

it("takes a chat by each of its names, and no other", () => {
  const event = said(direct, "chat:7");
  for (const name of ["chat_id:7", mia, `chat_guid:iMessage;-;${mia}`, `chat_identifier:${mia}`])
    expect([name, isInChats(event, [name])]).toEqual([name, true]);
  for (const name of [
    "chat_id:8",
    ben,
    `chat_guid:iMessage;-;${ben}`,
    `chat_identifier:${ben}`,
    "no target;",
  ])
    expect([name, isInChats(event, [name])]).toEqual([name, false]);
  expect(isInChats(event, undefined)).toBe(true);
  expect(isInChats(event, [])).toBe(false);
});

it("takes what somebody wrote in a group for no part of their own chat", () => {
  const group = { id: 9, guid: "iMessage;+;chat12", identifier: "chat12", isGroup: true };
  expect(isInChats(said(group, "chat:9"), [mia])).toBe(false);
  expect(isInChats(said(group, "chat:9"), ["chat_id:9"])).toBe(true);
});

it("takes a row whose chat is not known for no part of any", () => {
  const unknown = { id: 0, guid: "", identifier: "" };
  expect(isInChats(said(unknown, `handle:${mia}`), [mia])).toBe(false);
});

it("takes what has no chat, or is forgotten, for no part of any", () => {
  const health = { id: 1, account: "home", at: 1, type: "health", facts: { state: "live" } } as KeptEvent;
  expect(isInChats(health, [mia])).toBe(false);
  const { about: _, ...forgotten } = said(direct, "chat:7");
  expect(isInChats(forgotten as KeptEvent, [mia])).toBe(false);
});
