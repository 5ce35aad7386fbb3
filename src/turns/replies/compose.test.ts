import { expect, it } from "vitest";
import type { Turn } from "../../store/index.js";
import { composeReplies } from "./compose.js";

const turn = { target: { kind: "chat_id", chatId: 1 }, chatKey: "chat:1", envelope: {} } as Turn;
const rules = {
  messages: { responsePrefix: "[bot]", failureReply: "Sorry" },
  account: { textChunkLimit: 4000, chunkMode: "length" as const, maxBubbles: 6 },
};
const texts = (...blocks: string[]) =>
  composeReplies(
    turn,
    blocks.map((text) => ({ text })),
    { failed: false, sent: 0 },
    rules,
  ).messages.map(({ text }) => text);

it("sends nothing where nothing is said", () => {
  for (const silence of ["", " \n", "\u200b\ufeff", "\u001b[0m", "\0"]) expect(texts(silence)).toEqual([]);
  expect(texts("\0", "one", "\u200b", "two")).toEqual(["[bot] one\n\ntwo"]);
});

it("sends what a program wrote for a terminal without its colours", () => {
  expect(texts("\u001b[32mdone\u001b[0m\0")).toEqual(["[bot] done"]);
});

it("puts the prefix before what is shown, so that the answer is read as it was written (behaviour 5.6)", () => {
  const said = (text: string, how = {}, responsePrefix = "[bot]") =>
    composeReplies(
      turn,
      [{ text }],
      { failed: false, sent: 0, ...how },
      { ...rules, messages: { ...rules.messages, responsePrefix } },
    );
  expect(said("```js\nlet a;\n```\n\nThat **is** it.")).toMatchObject({
    messages: [{ text: "[bot] let a;\n\nThat is it.", runs: [{ start: 19, length: 2, styles: ["bold"] }] }],
    said: "let a;\n\nThat is it.",
  });
  expect(said("# Title\n\nwords").messages[0]?.text).toBe("[bot] Title\n\nwords");
  expect(said("- [x] done\n- [ ] open").messages[0]?.text).toBe(
    `[bot] ${said("- [x] done\n- [ ] open", {}, "").messages[0]?.text}`,
  );
  // The prefix is Markdown too, by itself.
  expect(said("*hi*", {}, "**Bot:**").messages).toMatchObject([
    {
      text: "Bot: hi",
      runs: [
        { start: 0, length: 4, styles: ["bold"] },
        { start: 5, length: 2, styles: ["italic"] },
      ],
    },
  ]);
  expect(said("hi", {}, ">").messages[0]?.text).toBe("> hi");
  expect(said("<br>").messages).toEqual([]);
  expect(said("# Title", { sent: 1 }).messages[0]?.text).toBe("Title");
});

it("keeps a block of code behind the prefix together", () => {
  const { messages } = composeReplies(
    turn,
    [{ text: "```\na\n\nb\n```\n\nDone" }],
    { failed: false, sent: 0 },
    { ...rules, account: { ...rules.account, chunkMode: "newline" } },
  );
  expect(messages.map(({ text }) => text)).toEqual(["[bot] a\n\nb", "Done"]);
});

it("puts what is more than the most bubbles of one answer into its rest", () => {
  const long = Array.from({ length: 240 }, (_, index) => `Paragraph ${index}.`).join("\n\n");
  const composed = (maxBubbles: number, sent = 0) =>
    composeReplies(
      turn,
      [{ text: long }],
      { failed: false, sent },
      {
        ...rules,
        account: { textChunkLimit: 20, chunkMode: "newline" as const, maxBubbles },
      },
    );
  const { messages, rest } = composed(6);
  expect(messages.map(({ text }) => text)).toEqual([
    "[bot] Paragraph 0.",
    ...[1, 2, 3, 4].map((index) => `Paragraph ${index}.`),
  ]);
  expect(rest?.split("\n")).toEqual(Array.from({ length: 235 }, (_, index) => `Paragraph ${index + 5}.`));
  expect(composed(300).rest).toBeUndefined();
  // With the file, no more than the most in all, also behind blocks that went before.
  expect(composed(6, 3).messages.map(({ text }) => text)).toEqual(["Paragraph 0.", "Paragraph 1."]);
  expect(composed(6, 5).messages).toEqual([]);
  expect(composed(6, 5).rest).toMatch(/^Paragraph 0\./);
});

it("says that a turn failed whatever went before", () => {
  const { messages, rest } = composeReplies(turn, [], { failed: true, sent: 6 }, rules);
  expect([messages.map(({ text }) => text), rest]).toEqual([["Sorry"], undefined]);
});

it("marks what nobody has just asked for (behaviour 18.7)", () => {
  const initiatives = (scheduled?: { id: string; dueAt: string }) =>
    composeReplies(
      { ...turn, envelope: { ...turn.envelope, ...(scheduled && { scheduled }) } },
      [{ text: "It is six." }],
      { failed: false, sent: 0 },
      rules,
    ).messages.map(({ initiative }) => initiative);
  expect(initiatives()).toEqual([undefined]);
  expect(initiatives({ id: "a", dueAt: "" })).toEqual(["agent"]);
});
