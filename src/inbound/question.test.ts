import { expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import type { Question } from "../store/index.js";
import { answerIn } from "./question.js";

const question = (kind: Question["kind"], words?: Question["words"]) =>
  ({ kind, words, options: [{ id: "1", name: "Red", kind: "choice" }] }) as Question;

it.each([
  ["blue", { plain: true, draft: true }, { plain: false, draft: true }],
  ["ok", { plain: true, draft: true }, { plain: false, draft: true }],
  ["1", { plain: true, draft: true }, { plain: true, draft: true }],
])(
  "takes %s in reply for words, and with files for none of an agent's question (behaviour 18.2)",
  (text, bare, filed) => {
    const fits = (written: string) => {
      const row = directMessage({ text: written, replyTo: { guid: "Q" } });
      const { where } = answerIn({ row, receivedAt: 1 })!;
      const of = (asked: Question) => where.fits!(asked, false);
      return { plain: of(question("ask", "plain")), draft: of(question("draft")) };
    };
    expect(fits(text)).toEqual(bare);
    expect(fits(`\ufffc${text}`)).toEqual(filed);
  },
);

it("takes words with files for no answer of a chat, also where imsg lists no files", () => {
  expect(answerIn({ row: directMessage({ text: "blue" }), receivedAt: 1 })).toBeDefined();
  expect(answerIn({ row: directMessage({ text: "\ufffcblue" }), receivedAt: 1 })).toBeUndefined();
});
