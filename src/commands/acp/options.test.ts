import { expect, it } from "vitest";
import { readOptions } from "./options.js";

it.each([
  ["codex --bind here", { words: ["codex"], options: { bind: "here" } }],
  ["codex —bind here", { words: ["codex"], options: { bind: "here" } }],
  [
    "codex –cwd “/my work/a b” --BIND here",
    { words: ["codex"], options: { cwd: "/my work/a b", bind: "here" } },
  ],
  ["", { words: [], options: {} }],
  ["codex --bind", undefined],
  ["codex --rm -rf", undefined],
])("reads %j", (text, expected) => {
  expect(readOptions(text, ["bind", "cwd"])).toEqual(expected);
});
