import { describe, expect, it } from "vitest";
import { voteFor } from "./vote.js";

const poll = {
  options: [
    { id: "a", text: "Pizza" },
    { id: "b", text: "7 pm" },
    { id: "c", text: "2" },
  ],
};
const vote = (given: Parameters<typeof voteFor>[0], of: Record<string, unknown> | undefined = poll) => {
  const done = voteFor(given, of);
  return done.ok ? done.value : done.error.message;
};

describe("a vote", () => {
  it.each([
    [{ option: " pizza " }, { id: "a" }],
    [{ option: "2" }, { id: "c" }],
    [{ option: "1" }, { id: "a" }],
    [{ option: "b" }, { id: "b" }],
    [{ optionId: "b" }, { id: "b" }],
    [{ optionIndex: 3 }, { id: "c" }],
  ])("goes by the option's id: %j", (given, wanted) => {
    expect(vote(given)).toEqual(wanted);
  });

  it.each([
    [{ option: "sushi" }, "this poll has no option sushi; it has Pizza, 7 pm, 2"],
    [{ option: "9" }, "this poll has no option 9; it has Pizza, 7 pm, 2"],
    [{ optionIndex: 4 }, "this poll has no option 4; it has Pizza, 7 pm, 2"],
    [{ optionId: "z" }, "this poll has no option z; it has Pizza, 7 pm, 2"],
    [{}, "poll-vote needs option, optionId or optionIndex"],
  ])("for what the poll does not have is refused, with what it has: %j", (given, wanted) => {
    expect(vote(given)).toBe(wanted);
  });

  it.each([
    [{ option: "sushi" }, { text: "sushi" }],
    [{ option: "2" }, { index: 2 }],
    [{ optionIndex: 4 }, { index: 4 }],
    [{ optionId: "z" }, { id: "z" }],
  ])("in a poll that nobody knows goes as it is: %j", (given, wanted) => {
    expect(vote(given, {})).toEqual(wanted);
  });
});
