import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import type { Turn } from "../../store/index.js";
import { signOf } from "./sign.js";

const { envelope } = fakeTurn("hi");
const turn = { target: { kind: "chat_id", chatId: 42 }, chatKey: "chat:42", envelope } as unknown as Turn;
const words = { progressReply: "One moment.", progressAfterSeconds: 30 };

it("says the line of the configuration in a direct chat alone (behaviour 6.3a)", () => {
  const item = { target: turn.target, chatKey: "chat:42", origin: "turn", text: "One moment." };
  expect(signOf(turn, words)).toEqual({ item, afterMs: 30_000 });
  const group = { ...turn, envelope: { ...envelope, chat: { ...envelope.chat, isGroup: true } } };
  expect(signOf(group, words)).toBeUndefined();
  const scheduled = {
    ...turn,
    envelope: { ...envelope, scheduled: { id: "s1", dueAt: "2026-05-09T06:14:00Z" } },
  };
  expect(signOf(scheduled, words)).toBeUndefined();
  expect(signOf(turn, { ...words, progressAfterSeconds: 0 })).toBeUndefined();
  expect(signOf(turn, { ...words, progressReply: " " })).toBeUndefined();
});
