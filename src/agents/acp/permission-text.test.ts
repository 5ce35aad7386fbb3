import { expect, it } from "vitest";
import { whatIsAsked } from "./permission-text.js";

const asked = (call: object) => whatIsAsked({ toolCallId: "1", ...call });

it("shows the whole of a long title, and marks the line that is cut", () => {
  const command = `echo ${"a".repeat(400)}; touch hidden`;
  const { title, details } = asked({ title: command });
  expect(title).toHaveLength(300);
  expect(title.endsWith("…")).toBe(true);
  expect(details).toBe(command);
});

it("shows the input field by field, contents and places, and nothing twice", () => {
  const call = {
    title: "touch x",
    rawInput: { command: "touch x", cwd: "/tmp", flags: ["a"] },
    content: [
      { type: "content", content: { type: "text", text: "why" } },
      { type: "diff", path: "/tmp/a", oldText: "old", newText: "new" },
    ],
    locations: [{ path: "/tmp/a" }],
  };
  const lines = [
    "command: touch x",
    "cwd: /tmp",
    'flags: ["a"]',
    "why",
    "/tmp/a:",
    "- old",
    "+ new",
    "/tmp/a",
  ];
  expect(asked(call)).toEqual({ title: "touch x", details: lines.join("\n") });
  expect(asked({ title: "Look" })).toEqual({ title: "Look", details: "" });
});

it("writes out what would not be seen, and leaves emoji whole", () => {
  const { title, details } = asked({
    title: "Run\u202e it",
    rawInput: { command: "rm\u001b[8m -rf /\u202e x 👩‍👩‍👧‍👦❤️" },
  });
  expect(title).toBe("Run\\u{202e} it");
  expect(details).toBe("command: rm\\u{1b}[8m -rf /\\u{202e} x 👩‍👩‍👧‍👦❤️");
});
