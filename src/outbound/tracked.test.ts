import { describe, expect, it } from "vitest";
import { type Bridge, BridgeError } from "../bridge/index.js";
import type { Target } from "../conversation/index.js";
import type { ErrorCode } from "../platform/index.js";
import type { OutboxItem } from "../store/index.js";
import { requestOf, withHint } from "./send-request.js";
import type { SenderSettings } from "./sender-settings.js";
import { goesUntracked, isGivenUp, isInMessages, isTracked, mayBeTracked } from "./tracked.js";

const chat: Target = { kind: "chat_id", chatId: 7 };
const text = { target: chat, text: "hi" } as OutboxItem;
const failed = (code: ErrorCode) => new BridgeError(code, "no", { disposition: "not_sent" });

describe("a message under a GUID of ours (behaviour 10.1)", () => {
  /** @param seen GUID of chat 7, as rows have it */
  const may = (
    change: Partial<OutboxItem>,
    { can = true, seen, transport = "auto" }: { can?: boolean; seen?: string; transport?: string } = {},
  ) => {
    const asked: string[] = [];
    const capabilities = {
      can: (ability: string) => ({ supported: asked.push(ability) > 0 && can }),
    };
    const bridge = { actions: { capabilities: () => capabilities } } as unknown as Bridge;
    const settings = { transport, seenAs: () => seen } as unknown as SenderSettings;
    return mayBeTracked({ ...text, ...change }, bridge, settings);
  };

  it.each<[string, Partial<OutboxItem>, Parameters<typeof may>[1], boolean]>([
    ["a text to a chat", {}, {}, true],
    ["a text to a chat of iMessage", {}, { seen: "iMessage;-;+15550100123" }, true],
    ["to a chat by its GUID", { target: { kind: "chat_guid", guid: "any;-;+1555" } }, {}, true],
    ["to a person", { target: { kind: "handle", handle: "+1555", service: "auto" } }, {}, false],
    ["without a text", { text: "" }, {}, false],
    ["with a file", { file: "/f" }, {}, false],
    ["with an effect", { effect: "e" }, {}, false],
    ["spoken", { voice: true }, {}, false],
    ["by script", {}, { transport: "applescript" }, false],
    ["to a chat of SMS", {}, { seen: "SMS;-;+15550100123" }, false],
    ["to a chat of RCS", {}, { seen: "rcs;-;+15550100123" }, false],
    ["to an SMS chat by its GUID", { target: { kind: "chat_guid", guid: "SMS;-;+1555" } }, {}, false],
    ["that was made for an SMS chat", { chatGuid: "SMS;-;+1555" }, {}, false],
    [
      "that was made for an SMS chat which is another now",
      { chatGuid: "SMS;-;+1" },
      { seen: "iMessage;-;+1" },
      true,
    ],
    ["where the build cannot", {}, { can: false }, false],
  ])("is %s: %j %j", (_, change, how, wanted) => {
    expect(may(change, how)).toBe(wanted);
  });

  it("is none where nothing is known of the build", () => {
    const bridge = { actions: { capabilities: () => undefined } } as unknown as Bridge;
    expect(mayBeTracked(text, bridge, { transport: "auto" } as SenderSettings)).toBe(false);
  });
});

const passing: ErrorCode[] = [
  "CHILD_DOWN",
  "SERVER_BUSY",
  "LANE_BLOCKED",
  "DATABASE_LOCKED",
  "DATABASE_UNAVAILABLE",
  "PERMISSION_FULL_DISK_ACCESS",
  "REMOTE_UNREACHABLE",
  "READ_ONLY",
];

it("goes without its GUID only where that was refused, and nothing is in doubt", () => {
  const item = { ...text, attemptId: "g" };
  expect(isTracked(item)).toBe(true);
  expect(isTracked(text)).toBe(false);
  expect(goesUntracked(item, failed("CHAT_NOT_FOUND"))).toBe(true);
  expect(goesUntracked({ ...item, inDoubt: true }, failed("CHAT_NOT_FOUND"))).toBe(false);
  expect(goesUntracked(text, failed("CHAT_NOT_FOUND"))).toBe(false);
  for (const code of passing) expect(goesUntracked(item, failed(code)), code).toBe(false);
});

it("waits under its GUID where it could not be begun, and goes without after eight tries", () => {
  const failure = (answered: boolean) =>
    new BridgeError("REQUEST_TIMEOUT", "no", { disposition: "not_sent", retryable: true, answered });
  expect(goesUntracked({ ...text, attemptId: "g", attempts: 7 }, failure(false))).toBe(false);
  expect(goesUntracked({ ...text, attemptId: "g", attempts: 8 }, failure(false))).toBe(true);
  expect(goesUntracked({ ...text, attemptId: "g", attempts: 1 }, failure(true))).toBe(true);
});

it("is given up in doubt after eight tries, and not over what passes", () => {
  const item = { ...text, attemptId: "g", inDoubt: true as const, attempts: 8 };
  expect(isGivenUp(item, failed("CHAT_NOT_FOUND"))).toBe(true);
  expect(isGivenUp({ ...item, attempts: 7 }, failed("CHAT_NOT_FOUND"))).toBe(false);
  expect(isGivenUp({ ...text, attempts: 9 }, failed("CHAT_NOT_FOUND"))).toBe(false);
  for (const code of passing) expect(isGivenUp(item, failed(code)), code).toBe(false);
});

it("may be in Messages where imsg itself said that nobody knows, under whatever code", () => {
  for (const code of ["OUTCOME_UNKNOWN", "DATABASE_LOCKED", "SSH_DROPPED"] as const)
    for (const disposition of ["unknown", "not_sent"] as const) {
      expect(isInMessages(new BridgeError(code, "no", { disposition })), code).toBe(false);
      const answered = new BridgeError(code, "no", { disposition, answered: true });
      expect(isInMessages(answered), code).toBe(disposition === "unknown");
    }
});

it("asks the bridge for all that an item carries, and shows an error with its remedy", () => {
  const form = {
    text: "t",
    attemptId: "g",
    file: "/f",
    replyTo: "r",
    runs: [],
    effect: "e",
    voice: true,
    strict: true,
  };
  const settings = { transport: "bridge", region: "DE" } as SenderSettings;
  expect(requestOf({ ...form, target: chat } as unknown as OutboxItem, settings)).toEqual({
    ...form,
    transport: "bridge",
    region: "DE",
  });
  expect(withHint({ message: "no", hint: "do" })).toBe("no (do)");
  expect(withHint({ message: "no" })).toBe("no");
});
