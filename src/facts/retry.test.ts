import { expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import type { MessageRow } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import { retryOffer, retryRefusal } from "./retry.js";

const picture = { guid: "A", path: "/a.png" } as never;
const entry = (row: Partial<MessageRow>, fields: Partial<JournalEntry> = {}) =>
  ({
    ...{ id: 3, arrival: "live", state: "done", decision: { kind: "drop", reason: "dm_not_allowed" } },
    row: directMessage({ rowId: 3, guid: "G3", text: "hello", ...row }),
    ...fields,
  }) as JournalEntry;

const dropped = (reason: string, row: Partial<MessageRow>) =>
  entry(row, { decision: { kind: "drop", reason } as never });

it.each([
  ["a message that was dropped", entry({}), "tapback retry 3"],
  ["one that failed", entry({}, { state: "failed", decision: undefined as never }), "tapback retry 3"],
  ["a picture without words", entry({ text: "", attachments: [picture] }), "tapback retry 3"],
  ["one that was sent through before", entry({}, { arrival: "retry" }), "tapback retry 3 --again"],
  ["one that an approval sent through", entry({}, { arrival: "replay" }), "tapback retry 3 --again"],
  ["one that came late", entry({}, { arrival: "catchup" }), "tapback retry 3"],
])("offers of %s what is taken", (_, row, command) => {
  expect(retryOffer(row)).toBe(command);
  expect(retryRefusal(row, command.endsWith("--again"))).toBeUndefined();
});

it.each([
  ["our own", entry({ fromMe: true }), "RETRY_OWN"],
  ["one at work", entry({}, { state: "in_turn" }), "RETRY_RUNNING"],
  ["one that was answered", entry({}, { decision: { kind: "dispatch" } as never }), "RETRY_ANSWERED"],
  ["one whose words are forgotten", entry({ text: "" }), "RETRY_FORGOTTEN"],
  ["one that could not be read", dropped("unreadable", { text: "", undecoded: true }), "RETRY_WORDLESS"],
  ["one without text and files", dropped("empty", { text: "" }), "RETRY_WORDLESS"],
  [
    "news of an edit",
    dropped("edited", { text: "", change: { guid: "G2", kind: "edited", before: "a", text: "b" } }),
    "RETRY_WORDLESS",
  ],
])("offers nothing for %s", (_, row, code) => {
  expect(retryOffer(row)).toBeUndefined();
  expect(retryRefusal(row, true)?.code).toBe(code);
});

it("takes one that was sent through before only when it is told to", () => {
  expect(retryRefusal(entry({}, { arrival: "retry" }), false)?.code).toBe("RETRIED_BEFORE");
});
