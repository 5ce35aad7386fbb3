import { expect, it } from "vitest";
import { cursorAt, readCursor } from "./cursor.js";

it("reads what it wrote, in the order that it was written for", () => {
  expect(readCursor("newest", cursorAt("newest", 42))).toBe(42);
  expect(readCursor("oldest", cursorAt("oldest", 0))).toBe(0);
  expect(readCursor("oldest", undefined)).toBeUndefined();
  // Clients keep it: what it says stays readable.
  expect(readCursor("oldest", "b2xkZXN0IDQy")).toBe(42);
});

it.each([
  cursorAt("oldest", 42),
  "",
  "42",
  Buffer.from("newest -1").toString("base64url"),
  Buffer.from(`newest ${"9".repeat(30)}`).toString("base64url"),
])("refuses %s for a list with the newest first", (cursor) => {
  expect(() => readCursor("newest", cursor)).toThrow(expect.objectContaining({ code: "REQUEST_INVALID" }));
});
