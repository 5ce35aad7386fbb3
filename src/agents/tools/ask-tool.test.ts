import { expect, it } from "vitest";
import { fakeTurn } from "../../../test/support/agent-turn.js";
import { clientTools } from "./index.js";

async function asked(input: Record<string, unknown>) {
  const turn = fakeTurn("hi");
  const { text, isError } = await clientTools(turn).call("ask", input);
  return { asked: turn.asked, answer: isError ? text : JSON.parse(text) };
}

it("asks with what is usual where nothing else is said, and gives back the choice", async () => {
  const { asked: questions, answer } = await asked({ question: " Which? ", options: ["A ", "B"] });
  expect(questions).toEqual([
    { question: "Which?", options: ["A", "B"], who: "chat", timeoutSeconds: 300, other: false },
  ]);
  expect(answer).toEqual({ choice: "A", number: 1, by: "+15550100123" });
});

it("bounds the time", async () => {
  const secondsOf = async (timeoutSeconds: number) =>
    (await asked({ question: "?", options: ["A", "B"], timeoutSeconds })).asked[0]?.timeoutSeconds;
  expect(await Promise.all([secondsOf(1), secondsOf(60), secondsOf(1e9)])).toEqual([5, 60, 3600]);
});

it.each([
  [{ question: " ", options: ["A", "B"] }, "question"],
  [{ question: "?", options: ["A"] }, "must be 2 to 12, not 1"],
  [{ question: "?", options: Array.from({ length: 13 }, (_, index) => `o${index}`) }, "not 13"],
  [{ question: "?", options: ["A", " "] }, "must be a line"],
  [{ question: "?", options: ["A", "b\nc"] }, "must be a line"],
  [{ question: "?", options: ["A", "x".repeat(101)] }, "must be a line"],
  [{ question: "?", options: ["A", "a"] }, "must be another one"],
  [{ question: "?", options: ["2", "1"] }, "write it with a word"],
  [{ question: "?", options: ["A", "B"], who: "everybody" }, "who"],
])("refuses %j", async (input, why) => {
  const { asked: questions, answer } = await asked(input);
  expect(answer).toContain(why);
  expect(questions).toEqual([]);
});

it("takes numbers for choices where no place is meant by them", async () => {
  expect((await asked({ question: "How many?", options: ["1", "2", "10"] })).asked).toHaveLength(1);
});
