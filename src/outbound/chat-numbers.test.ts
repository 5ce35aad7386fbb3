import { expect, it } from "vitest";
import { ChatNumbers } from "./chat-numbers.js";

it("knows the chats of one connection by their numbers, as the last row of each had it", () => {
  const numbers = new ChatNumbers();
  numbers.learn({ id: 7, guid: "A" });
  numbers.learn({ id: 8, guid: "B" });
  numbers.learn({ id: 8, guid: "C" });
  // Nothing that is not known takes the place of what is.
  numbers.learn({ id: 7, guid: "" });
  numbers.learn({ id: 0, guid: "D" });
  expect([7, 8, 0, 9].map((id) => numbers.guidOf(id))).toEqual(["A", "C", undefined, undefined]);
  numbers.forget();
  expect(numbers.guidOf(7)).toBeUndefined();
});
