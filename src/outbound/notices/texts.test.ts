import { describe, expect, it } from "vitest";
import { directMessage, groupMessage } from "../../../test/support/message.js";
import type { Decision } from "../../conversation/index.js";
import type { JournalEntry, OutboxItem, Turn, TurnError } from "../../store/index.js";
import { heldNotice, loopNotice, quietNotice, smsNotice, turnNotice } from "./texts.js";

const mia = { ...directMessage(), senderName: "Mia" };
const group = groupMessage();
const named = { ...group, chat: { ...group.chat, name: "Trip" } };
const nameless = { ...group, chat: { ...group.chat, name: "" } };

it("names a chat that answers itself by its person, or by its group", () => {
  expect(loopNotice(mia).text).toMatch(/^The chat with Mia answered itself/);
  const { senderName: _, ...unnamed } = mia;
  expect(loopNotice(unnamed).text).toContain(`with ${mia.sender} answered`);
  expect(loopNotice(named).text).toContain("with Trip answered");
  expect(loopNotice(nameless).text).toContain(`with chat_id:${group.chat.id} answered`);
});

describe("a turn that failed", () => {
  const error: TurnError = { code: "AGENT_FAILED", message: "the agent ended" } as TurnError;
  const entries = [{ id: 4 }, { id: 5 }] as JournalEntry[];
  const turn = (sender: object = {}, chat: object = {}) =>
    ({
      agentId: "main",
      envelope: {
        sender: { handle: "+15550100123", isOwner: false, ...sender },
        chat: { isGroup: false, target: "chat_id:88", ...chat },
      },
    }) as unknown as Turn;
  const first = (given: Turn) => turnNotice(given, error, []).text;

  it("is told with its cause, and what to do about it", () => {
    expect(turnNotice(turn(), error, entries)).toEqual({
      kind: "turn_failed",
      cause: "AGENT_FAILED",
      text: "+15550100123 got no answer from main: the agent ended (AGENT_FAILED).\nSee `tapback explain 5`; run it again with `tapback retry 5`.",
    });
    expect(turnNotice(turn(), error, [{ id: 5, arrival: "retry" } as JournalEntry]).text).toMatch(
      /run it again with `tapback retry 5 --again`\.$/,
    );
    expect(turnNotice(turn(), { ...error, hint: "Log in." }, []).text).toBe(
      "+15550100123 got no answer from main: the agent ended (AGENT_FAILED).\nLog in.",
    );
  });

  it("is told with what the agent said of it, on one line and not for ever", () => {
    const said = (cause: string) => turnNotice(turn(), { ...error, cause }, []).text;
    expect(said("no\n\n  key")).toMatch(/\(AGENT_FAILED\)\. It said: no key$/);
    expect(said("")).toMatch(/\(AGENT_FAILED\)\.$/);
    expect(said(" \n ")).toMatch(/\(AGENT_FAILED\)\.$/);
    expect(said("x".repeat(500))).toMatch(/ It said: x{190,200}\W*$/);
  });

  it("names who asked, and in which group", () => {
    expect(first(turn({ name: "Mia" }))).toMatch(/^Mia got no answer/);
    expect(first(turn({ name: "Sam", isOwner: true }))).toMatch(/^You got no answer/);
    // In a group an owner's name tells others apart from them.
    expect(first(turn({ name: "Sam", isOwner: true }, { isGroup: true, name: "Trip" }))).toMatch(
      /^Sam in Trip got no answer/,
    );
    expect(first(turn({ name: "Mia" }, { isGroup: true, name: "" }))).toMatch(
      /^Mia in chat_id:88 got no answer/,
    );
  });
});

describe("a chat in which the agent keeps quiet", () => {
  const dropped = (reason: string, treatedAs = "direct") =>
    ({ kind: "drop", reason, treatedAs }) as unknown as Decision;

  it("is told of where somebody wrote by hand", () => {
    expect(quietNotice(mia, dropped("hushed"))).toEqual({
      kind: "hushed",
      text: "You wrote to Mia by hand, so the agent keeps quiet there for a while (handoff.quietMinutes). Commands still work.",
    });
    expect(quietNotice(named, dropped("hushed", "group"))?.text).toMatch(/^You wrote to Trip by hand/);
  });

  it("is told of where it answers itself, and else is not", () => {
    expect(quietNotice(mia, dropped("loop_guard"))).toEqual(loopNotice(mia));
    expect(quietNotice(mia, dropped("dm_not_allowed"))).toBeUndefined();
    for (const kind of ["dispatch", "context", "pairing"])
      expect(quietNotice(mia, { ...dropped("hushed"), kind } as Decision), kind).toBeUndefined();
  });
});

it("tells where messages wait, and where they go as SMS", () => {
  const item = { target: { kind: "chat_id", chatId: 7 } } as OutboxItem;
  expect(
    heldNotice(item, { limit: "perChatPerMinute", until: 1, detail: "held back: 20 messages" } as never),
  ).toEqual({
    kind: "held_back",
    text: "Messages to chat_id:7 are held back: 20 messages. They go on by themselves; what waits longer than outbound.ttlMinutes is not sent.",
  });
  expect(smsNotice(item)).toEqual({
    kind: "sms",
    text: "Replies in chat_id:7 go out as SMS, not as iMessage. Said once per conversation.",
  });
});
