import { describe, expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import type { Attachment, MessageRow } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import { isStoredAgain } from "./stored-again.js";

const file = (change: Partial<Attachment> = {}): Attachment => ({
  path: "/a/IMG_2041.heic",
  name: "IMG_2041.heic",
  mimeType: "image/heic",
  uti: "public.heic",
  bytes: 100,
  missing: false,
  isSticker: false,
  ...change,
});
const onItsWay = file({ path: "", name: "", bytes: 0, missing: true });
const again = (first: Partial<MessageRow>, second: Partial<MessageRow>) => {
  const entry = { row: directMessage({ guid: "A", ...first }) } as JournalEntry;
  return isStoredAgain(directMessage({ guid: "B", rowId: 5013, ...second }), [entry], false);
};
const both = (row: Partial<MessageRow>) => again(row, row);

describe("a row that looks like the one before it", () => {
  it.each<[string, Partial<MessageRow>]>([
    ["words", { text: "hello" }],
    ["a picture with its name and size", { text: "\ufffc", attachments: [file()] }],
    ["words with a picture on its way", { text: "\ufffclook", attachments: [onItsWay] }],
  ])("is the same message again: %s", (_, row) => {
    expect(both(row)).toBe(true);
  });

  it.each<[string, Partial<MessageRow>]>([
    ["pictures on their way", { text: "\ufffc", attachments: [onItsWay] }],
    ["pictures that are not asked for", { text: "\ufffc" }],
    ["pictures without a mark in the text", { text: "", attachments: [onItsWay] }],
    [
      "pictures of one name, not there yet",
      { text: "\ufffc", attachments: [file({ bytes: 0, missing: true })] },
    ],
    [
      "one picture that is there and one that is not",
      { text: "\ufffc\ufffc", attachments: [file(), onItsWay] },
    ],
    [
      "recordings on their way",
      { text: "\ufffc", attachments: [file({ name: "Audio Message.caf", bytes: 0 })] },
    ],
    ["stickers on their way", { text: "\ufffc", attachments: [{ ...onItsWay, isSticker: true }] }],
    ["cards of apps", { text: "\ufffc", balloon: "com.example.app" }],
  ])("is another message of a burst: %s", (_, row) => {
    expect(both(row)).toBe(false);
  });

  it("is another message where the files or the questions differ", () => {
    const picture = (change: Partial<Attachment>) => ({ text: "\ufffc", attachments: [file(change)] });
    expect(again(picture({}), picture({ name: "IMG_2042.heic" }))).toBe(false);
    expect(again(picture({}), picture({ bytes: 101 }))).toBe(false);
    const poll = (question: string) => ({ text: "", poll: { kind: "created", question } });
    expect(again(poll("Dinner?"), poll("Lunch?"))).toBe(false);
    expect(again(poll("Dinner?"), poll("Dinner?"))).toBe(true);
  });
});
