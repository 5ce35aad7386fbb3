import { expect, it } from "vitest";
import type { Question } from "../store/index.js";
import { fitsQuestion } from "./fitting.js";

const question = (kind: Question["kind"], words?: Question["words"]) =>
  ({
    kind,
    words,
    options: [
      { id: "1", name: "Red", kind: "choice" },
      { id: "2", name: "White", kind: "choice" },
    ],
  }) as Question;

const alone = { isReply: false, isAlone: true };
const beside = { isReply: false, isAlone: false };
const reply = { isReply: true, isAlone: false };

it.each<[Parameters<typeof fitsQuestion>[1], typeof alone, Record<string, boolean>]>([
  // A wrong number of one digit is told the choices.
  ["7", alone, { permission: true, draft: true, ask: true }],
  ["2", beside, { permission: true, draft: true, ask: true }],
  ["12", alone, { permission: false, draft: false, ask: false, plain: false }],
  ["yes", alone, { permission: true, draft: true, ask: false, plain: true, reply: false }],
  ["yes", reply, { permission: true, draft: true, ask: false, plain: true, reply: true }],
  ["white", alone, { permission: false, draft: false, ask: true }],
  ["blue", alone, { permission: false, draft: false, ask: false, plain: true, reply: false }],
  ["blue", beside, { ask: false, plain: false, reply: false }],
  ["blue", reply, { ask: false, plain: true, reply: true }],
  [{ kind: "like", added: true }, reply, { permission: true, draft: true, ask: false, plain: false }],
  [{ kind: "custom", added: true, number: 2 }, reply, { permission: true, draft: true, ask: true }],
  [{ kind: "custom", added: true, number: 3 }, reply, { permission: false, draft: false, ask: false }],
  [{ vote: "", option: "", added: false }, reply, { permission: true, draft: true, ask: true }],
])("%j, %j: %j", (given, how, expected) => {
  const asked: Record<string, Question> = {
    permission: question("permission"),
    draft: question("draft"),
    ask: question("ask"),
    plain: question("ask", "plain"),
    reply: question("ask", "reply"),
  };
  const fits = Object.keys(expected).map((name) => [name, fitsQuestion(asked[name]!, given, how)]);
  expect(Object.fromEntries(fits)).toEqual(expected);
});
