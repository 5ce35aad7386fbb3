import { describe, expect, it } from "vitest";
import { type Key, LineEditor } from "./line-editor.js";

function type(editor: LineEditor, text: string): void {
  for (const character of text) editor.press(character, { sequence: character });
}

const enter: Key = { name: "return" };

describe("the line that is written", () => {
  it("is handed over at Enter, and starts anew", () => {
    const editor = new LineEditor();
    type(editor, "hello");
    expect(editor.press("\r", enter)).toBe("hello");
    expect(editor.text).toBe("");
    expect(editor.press("\r", enter)).toBeUndefined();
  });

  it("moves and deletes by what people see as one character", () => {
    const editor = new LineEditor();
    type(editor, "a👩‍👩‍👧b");
    editor.press(undefined, { name: "left" });
    editor.press(undefined, { name: "backspace" });
    expect(editor.text).toBe("ab");
    expect(editor.view(20)).toEqual({ text: "ab", cursor: 1 });
    editor.press(undefined, { name: "a", ctrl: true });
    editor.press(undefined, { name: "delete" });
    expect(editor.text).toBe("b");
  });

  it("deletes a word, and what stands before or after", () => {
    const editor = new LineEditor();
    type(editor, "one two three");
    editor.press(undefined, { name: "w", ctrl: true });
    expect(editor.text).toBe("one two ");
    editor.press(undefined, { name: "u", ctrl: true });
    expect(editor.text).toBe("");
  });

  it("brings back earlier lines", () => {
    const editor = new LineEditor();
    for (const text of ["one", "two"]) {
      type(editor, text);
      editor.press("\r", enter);
    }
    editor.press(undefined, { name: "up" });
    editor.press(undefined, { name: "up" });
    editor.press(undefined, { name: "up" });
    expect(editor.text).toBe("one");
    editor.press(undefined, { name: "down" });
    expect(editor.text).toBe("two");
    editor.press(undefined, { name: "down" });
    expect(editor.text).toBe("");
  });

  it("takes a pasted line break as text", () => {
    const editor = new LineEditor();
    editor.press(undefined, { name: "paste-start" });
    type(editor, "one");
    expect(editor.press("\r", enter)).toBeUndefined();
    type(editor, "two");
    editor.press(undefined, { name: "paste-end" });
    expect(editor.view(20).text).toBe("one⏎two");
    expect(editor.press("\r", enter)).toBe("one\ntwo");
  });

  it("shows the part around the cursor when it does not fit", () => {
    const editor = new LineEditor();
    type(editor, "家族abcdef");
    expect(editor.view(6)).toEqual({ text: "bcdef", cursor: 5 });
    editor.press(undefined, { name: "home" });
    expect(editor.view(6)).toEqual({ text: "家族ab", cursor: 0 });
  });

  it("types nothing for keys that have no letter", () => {
    const editor = new LineEditor();
    editor.press("\u001b[15~", { name: "f5", sequence: "\u001b[15~" });
    editor.press("x", { name: "x", meta: true });
    expect(editor.text).toBe("");
  });
});
