import { expect, it } from "vitest";
import type { Actor } from "./context.js";
import { initiativeOf } from "./initiative.js";

const home = { target: { kind: "chat_id" as const, chatId: 1 }, isGroup: false };
const elsewhere = { target: { kind: "chat_id" as const, chatId: 2 }, isGroup: false };
const actor = (change: Partial<Actor> = {}) => ({ turnId: "t", isOwner: false, home, ...change }) as Actor;

it.each([
  ["an answer", actor(), home, undefined],
  ["a message of a person", actor({ turnId: undefined }), elsewhere, undefined],
  ["a guest's turn elsewhere", actor(), elsewhere, "agent"],
  ["an owner's turn elsewhere", actor({ isOwner: true }), elsewhere, "owner"],
  ["a scheduled turn at home", actor({ isOwner: true, isScheduled: true }), home, "agent"],
  ["a scheduled turn elsewhere", actor({ isOwner: true, isScheduled: true }), elsewhere, "agent"],
] as const)("knows who had the idea of %s", (_, who, where, idea) => {
  expect(initiativeOf(who, where)).toBe(idea);
});
