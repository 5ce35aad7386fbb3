import { expect, it } from "vitest";
import { fakeMessage, fakeTurn } from "../../../test/support/agent-turn.js";
import { directMessage } from "../../../test/support/message.js";
import type { JournalEntry } from "../../store/index.js";
import { withTexts } from "./with-texts.js";

const message = (guid: string, rowId: number, text: string, answers?: string) =>
  fakeMessage(text, { guid, rowId, ...(answers && { replyTo: { guid: "P", text: answers } }) });
const entry = (guid: string, rowId: number, text: string) =>
  ({ id: rowId, row: directMessage({ guid, rowId, text }) }) as unknown as JournalEntry;
const messages = [message("A", 1, "one", "asked"), message("B", 2, "two")];
const { envelope } = fakeTurn("as it was merged", { envelope: { messages } });
// Another message may have the number of one of these, or its GUID.
const entries = [entry("X", 1, "other"), entry("A", 9, "other"), entry("A", 1, "one"), entry("B", 2, "two")];

it("leaves the text as it is when no text of a message changed", () => {
  const same = messages.map((each) => ({ ...each }));
  const files = [{ ...same[0]!, attachments: [{ name: "a", mimeType: "image/png", bytes: 1 }] }, same[1]!];
  expect(withTexts(envelope, files, entries)).toEqual({ ...envelope, messages: files });
});

it("tells of every text that changed, of what is answered too", () => {
  const told = [message("A", 1, "one", "asked"), message("B", 2, "2")];
  expect(withTexts(envelope, told, entries).text).toBe('[Replying to: "asked"]\none\n2');
  const answered = [message("A", 1, "one", "was heard"), messages[1]!];
  expect(withTexts(envelope, answered, entries)).toEqual({
    ...envelope,
    messages: answered,
    text: '[Replying to: "was heard"]\none\ntwo',
  });
});

it("puts the bare texts together where a row behind them is not known", () => {
  const told = [message("A", 1, "1"), message("B", 2, "2")];
  expect(withTexts(envelope, told, entries.slice(0, 3)).text).toBe("1\n2");
});
