import { expect, it } from "vitest";
import { chatOf } from "../../test/support/send-bench.js";
import { type Bridge, BridgeError } from "../bridge/index.js";
import type { OutboxItem } from "../store/index.js";
import { sendPoll } from "./send-poll.js";

const mia = "+15550100123";
const target: OutboxItem["target"] = { kind: "handle", handle: mia, service: "auto" };
const poll = { question: "Send this?", options: ["Send", "Drop"] };

/** A Mac that answers a poll with this. */
function macThat(outcome: unknown, service = "iMessage") {
  const asked: unknown[] = [];
  const bridge = {
    actions: {
      support: async () => ({ supported: true }),
      act: async (...values: unknown[]) => {
        asked.push(values);
        return outcome;
      },
    },
    chats: async () => [chatOf(8, "+15550100456"), chatOf(7, mia, service)],
  } as unknown as Bridge;
  return { bridge, asked };
}

it("asks in the chat with that person, once", async () => {
  const { bridge, asked } = macThat({ state: "done", facts: { guid: "POLL-1" } });
  expect(await sendPoll({ target }, poll, bridge)).toEqual({ state: "stored", guid: "POLL-1" });
  expect(asked).toEqual([["poll", { id: 7, guid: chatOf(7, mia).guid }, poll]]);
});

const failed = (disposition: "not_sent" | "unknown") => ({
  state: "failed",
  error: new BridgeError("REQUEST_TIMEOUT", "no answer", { disposition }),
});

it.each([
  ["names no row", { state: "done", facts: {} }, "doubt"],
  ["may have been sent", failed("unknown"), "doubt"],
  ["was surely not sent", failed("not_sent"), undefined],
  ["the Mac cannot send", { state: "unsupported", why: "no" }, undefined],
])("says of a poll that %s what has to be done", async (_, outcome, said) => {
  expect(await sendPoll({ target }, poll, macThat(outcome).bridge)).toBe(said);
});

it("leaves it to the text over SMS, and where an earlier poll was in doubt", async () => {
  const done = { state: "done", facts: { guid: "POLL-1" } };
  const [sms, again] = [macThat(done, "SMS"), macThat(done)];
  expect(await sendPoll({ target }, poll, sms.bridge)).toBeUndefined();
  expect(await sendPoll({ target, inDoubt: true }, poll, again.bridge)).toBeUndefined();
  expect([...sms.asked, ...again.asked]).toEqual([]);
});

it("asks in the very chat that a question is for, whoever reads there", async () => {
  const { bridge, asked } = macThat({ state: "done", facts: { guid: "POLL-1" } });
  const in8 = { kind: "chat_id" as const, chatId: 8 };
  expect(await sendPoll({ target: in8 }, poll, bridge)).toEqual({ state: "stored", guid: "POLL-1" });
  expect(asked).toEqual([["poll", { id: 8, guid: chatOf(8, "+15550100456").guid }, poll]]);
  expect(await sendPoll({ target: { kind: "chat_id", chatId: 9 } }, poll, bridge)).toBeUndefined();
});
