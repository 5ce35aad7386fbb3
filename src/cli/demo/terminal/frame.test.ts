import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columns } from "../../columns.js";
import type { Bubble } from "../session.js";
import type { StoryEvent } from "../story.js";
import { layFrame, type View } from "./frame.js";
import { LineEditor } from "./line-editor.js";
import { paintFor } from "./paint.js";
import type { Frame } from "./screen.js";

const at = new Date(2026, 4, 9, 18, 4, 11).getTime();
const hello: Bubble = { at, mine: true, text: "hello" };
const code: Bubble = { at, mine: false, text: "Your pairing code: ABCD2345" };
const event: StoryEvent = { at, kind: "held", text: "held: pairing offered" };

function view(session: Partial<View["session"]> = {}, scrolled = 0): View {
  return {
    session: {
      bubbles: [hello, code],
      events: [event],
      state: "ready",
      offer: undefined,
      console: undefined,
      ...session,
    },
    editor: new LineEditor(),
    scrolled,
  };
}

function lay(shown: View, width: number, height: number, depth = 1): string[] {
  return lines(layFrame(shown, { width, height }, paintFor(depth)).frame);
}

/** The rows as a terminal shows them, without looks. */
function lines({ rows }: Frame): string[] {
  return rows.map((row) => {
    let line = "";
    for (const { column, text } of row)
      line = line.padEnd(column).slice(0, column) + text.replace(/\u001b\[[\d;]*m/g, "");
    return line.trimEnd();
  });
}

describe("the screen of the demo", () => {
  it("shows the address of the console where all of it fits", () => {
    const url = "http://127.0.0.1:41234/console/enter?token=0123456789abcdefghijkl";
    expect(lay(view({ console: url }), 80, 12)[1]).toBe(`Console  ${url}`);
    expect(lay(view({ console: url }), 60, 12)[1]).toBe("─".repeat(60));
    expect(lay(view(), 80, 12)[1]).toBe("─".repeat(80));
  });

  it("shows the phone at the left and the gateway at the right", () => {
    const screen = lay(view(), 100, 12);
    expect(screen).toHaveLength(12);
    expect(screen[2]).toContain("│ 18:04:11 ◦ held: pairing offered");
    expect(screen[6]).toMatch(/^ {37}18:04 {2}hello▕ +│$/);
    expect(screen[8]).toMatch(/^▏Your pairing code: ABCD2345 +18:04 +│$/);
  });

  it("has one pane where there is no room for two, and the newest event under it", () => {
    const screen = lay(view(), 60, 12);
    expect(screen.join("\n")).not.toContain("│");
    expect(screen.at(-1)).toBe("18:04:11 ◦ held: pairing offered");
  });

  it("puts a tapback under the bubble that it is on", () => {
    const screen = lay(view({ bubbles: [{ ...hello, tapbacks: ["❤️"] }] }), 100, 12);
    expect(screen.findIndex((line) => line.includes("❤️"))).toBe(
      screen.findIndex((line) => line.includes("hello")) + 1,
    );
  });

  it("offers the key that approves", () => {
    expect(lay(view({ offer: "ABCD2345" }), 100, 12).at(-1)).toContain(" Tab  approves the code ABCD2345");
    expect(lay(view({ offer: "ABCD2345" }), 60, 12).at(-1)).toBe(" Tab  approves ABCD2345");
  });

  it("scrolls back to the beginning and no further", () => {
    const bubbles = Array.from({ length: 20 }, (_, index) => ({ ...hello, text: `message ${index}` }));
    const { scrolls } = layFrame(view({ bubbles }), { width: 60, height: 12 }, paintFor(1));
    expect(scrolls).toBe(20 * 2 - 1 - 7);
    const top = lay(view({ bubbles }, 1000), 60, 12);
    expect(top[2]).toContain("message 0▕");
    expect(top.at(-1)).toBe("PgDn  back down");
    expect(lay(view({ bubbles }), 60, 12)[8]).toContain("message 19▕");
  });

  it("sets no colours where none are wanted", () => {
    const { frame } = layFrame(view(), { width: 100, height: 12 }, paintFor(1));
    const codes = frame.rows.flatMap((row) =>
      row.flatMap(({ text }) => text.match(/\u001b\[[\d;]*m/g) ?? []),
    );
    expect(new Set(codes)).toEqual(new Set(["\u001b[0m", "\u001b[1m", "\u001b[2m"]));
    const coloured = layFrame(view(), { width: 100, height: 12 }, paintFor(8)).frame;
    expect(JSON.stringify(coloured)).toContain("[48;5;26;");
  });

  it("fits any terminal, whatever is said", () => {
    const said = fc.record({
      at: fc.constant(at),
      mine: fc.boolean(),
      text: fc.string({ unit: "grapheme" }),
      tapbacks: fc.array(fc.string({ unit: "grapheme" }), { maxLength: 2 }),
    });
    const told = fc.record({
      at: fc.constant(at),
      kind: fc.constantFrom("in", "failed", "note") as fc.Arbitrary<StoryEvent["kind"]>,
      text: fc.string({ unit: "grapheme" }),
    });
    const sizes = fc.record({
      width: fc.integer({ min: 24, max: 200 }),
      height: fc.integer({ min: 3, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(said), fc.array(told), sizes, (bubbles, events, size) => {
        const { frame } = layFrame(view({ bubbles, events }), size, paintFor(8));
        expect(frame.rows.length).toBeLessThanOrEqual(size.height);
        expect(frame.cursor.row).toBeLessThan(size.height);
        for (const row of frame.rows)
          for (const { column, text } of row) {
            expect(column).toBeGreaterThanOrEqual(0);
            expect(column + columns(text)).toBeLessThanOrEqual(size.width);
          }
      }),
      { numRuns: 60 },
    );
  });
});
