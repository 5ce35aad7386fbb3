import { expect, it } from "vitest";
import { type ActionOutcome, BridgeError, type ChatRef } from "../bridge/index.js";
import type { Target } from "../conversation/index.js";
import { actInDoubt, sendOtherwise } from "./send-otherwise.js";

const failed = (disposition: "unknown" | "not_sent", retryable: boolean): ActionOutcome => ({
  state: "failed",
  error: new BridgeError("DATABASE_LOCKED", "busy", { disposition, retryable, hint: "Wait." }),
});
const act = { name: "react", parameters: { message: "M", reaction: "love" } };

async function done(
  outcome: ActionOutcome,
  target: Target = { kind: "chat_id", chatId: 7 },
  chatGuid: string | undefined = "G7",
) {
  const asked: [string, ChatRef, object][] = [];
  const bridge = {
    chats: async () => [],
    actions: {
      act: async (name: string, chat: ChatRef, parameters: object) => {
        asked.push([name, chat, parameters]);
        return outcome;
      },
    },
  };
  const item = { target, act, ...(chatGuid !== undefined && { chatGuid }) };
  return { came: await sendOtherwise(item as never, bridge as never), asked };
}

it.each<[string, ActionOutcome, object]>([
  ["done", { state: "done", facts: {} }, { state: "stored" }],
  ["done with a row", { state: "done", facts: { guid: "G" } }, { state: "stored", guid: "G" }],
  [
    "not possible here",
    { state: "unsupported", missing: "method", why: "this imsg has none" },
    { state: "not_sent", error: { code: "ACTION_UNAVAILABLE", message: "this imsg has none" } },
  ],
  [
    "refused for good",
    failed("not_sent", false),
    { state: "not_sent", error: { code: "DATABASE_LOCKED", message: "busy (Wait.)" } },
  ],
  // What may have happened is never repeated, whatever is said of a repeat.
  ["in doubt", failed("unknown", false), actInDoubt],
  ["in doubt, and could be repeated", failed("unknown", true), actInDoubt],
])("an act that was %s comes to its end", async (_, outcome, wanted) => {
  const { came, asked } = await done(outcome);
  expect(came).toEqual(wanted);
  expect(asked).toEqual([["react", { id: 7, guid: "G7" }, act.parameters]]);
});

it("an act that surely did not happen may be tried again", async () => {
  expect((await done(failed("not_sent", true))).came).toBeInstanceOf(BridgeError);
});

it("an act is done in its chat, and never in one that nobody knows", async () => {
  const ok: ActionOutcome = { state: "done", facts: {} };
  const nowhere = await done(ok, { kind: "handle", handle: "+15550100123", service: "auto" });
  expect(nowhere.came).toMatchObject({ state: "not_sent", error: { code: "CHAT_NOT_FOUND" } });
  expect(nowhere.asked).toEqual([]);
  const named = await done(ok, { kind: "chat_guid", guid: "any;-;+15550100123" });
  expect(named.asked[0]?.[1]).toMatchObject({ guid: "any;-;+15550100123" });
  const unnamed = await done(ok, { kind: "chat_id", chatId: 8 }, "");
  expect(unnamed.asked[0]?.[1]).toEqual({ id: 8, guid: "" });
});

it("a message is nothing else", async () => {
  const target = { kind: "chat_id" as const, chatId: 7 };
  expect(await sendOtherwise({ target } as never, {} as never)).toBeUndefined();
});
