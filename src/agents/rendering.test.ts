import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fakeMessage, fakeTurn } from "../../test/support/agent-turn.js";
import { renderTurn } from "./rendering.js";

const marks = (text: string) => text.match(/<\/?\s*(message|earlier|note)\b/gi) ?? [];

describe("renderTurn", () => {
  it("says who wrote what, where, when, and in answer to what", () => {
    const { envelope } = fakeTurn("Are you there?");
    const rendered = renderTurn({
      ...envelope,
      chat: { ...envelope.chat, isGroup: true, name: "Climbing" },
      messages: [
        fakeMessage("Are you there?", { replyTo: { guid: "G", text: "On my way", sender: "Kim" } }),
        fakeMessage("", {
          attachments: [{ name: "a.heic", mimeType: "image/heic", bytes: 5, note: "too large" }],
        }),
      ],
      context: [
        { sender: "kim@example.com", name: "Kim", text: "hi all", sentAt: "2026-05-09T06:00:00.000Z" },
      ],
      notes: ['Mia loved "On my way"'],
    });
    expect(rendered).toBe(`<earlier from="Kim (kim@example.com)" at="2026-05-09T06:00Z">
hi all
</earlier>
<note>
Mia loved "On my way"
</note>
<message from="Mia Wong (+15550100123)" group="Climbing" at="2026-05-09T06:14Z" id="7k">
[Replying to Kim: "On my way"]
Are you there?
</message>
<message from="Mia Wong (+15550100123)" group="Climbing" at="2026-05-09T06:14Z" id="7k">
[Attachment a.heic, image/heic, 5 bytes, not available: too large]
</message>`);
  });

  it("loses the oldest first where it is too long, says so, and keeps the newest message and what it answers", () => {
    const { envelope } = fakeTurn("");
    const context = Array.from({ length: 50 }, (_, index) => ({
      sender: "sam@example.com",
      text: `context ${index} ${"x".repeat(1000)}`,
      sentAt: "2026-05-09T06:00:00.000Z",
    }));
    const replyTo = { guid: "G", text: "Shall we go on Friday?", sender: "Kim" };
    const rendered = renderTurn({
      ...envelope,
      context,
      notes: ["Mia loved it"],
      messages: [fakeMessage("first"), fakeMessage("What do you think?", { replyTo })],
    });
    expect(rendered.length).toBeLessThanOrEqual(30_000);
    expect(rendered).toContain('[Replying to Kim: "Shall we go on Friday?"]\nWhat do you think?\n</message>');
    for (const part of ["first", "Mia loved it", "context 49"]) expect(rendered).toContain(part);
    const shown = rendered.match(/context \d+/g)!;
    expect(shown[0]).toBe(`context ${50 - shown.length}`);
    expect(rendered).toMatch(new RegExp(`^<note>\n${50 - shown.length} earlier parts are left out here`));
  });

  it("cuts the middle out of a message that is too long alone, and tears nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "💥", "👩‍👩‍👧‍👦", "é", "\n"), { minLength: 200, maxLength: 400 }),
        fc.integer({ min: 400, max: 1000 }),
        (parts, limit) => {
          const { envelope } = fakeTurn(`Begin ${parts.join("")} end?`);
          const rendered = renderTurn({ ...envelope, context: [], notes: [] }, limit);
          expect(rendered.length).toBeLessThanOrEqual(limit);
          expect(rendered).toMatch(/^<message [^>]*>\nBegin /);
          expect(rendered).toMatch(/ end\?\n<\/message>$/);
          const shown = new Set(Array.from(new Intl.Segmenter().segment(rendered), ({ segment }) => segment));
          for (const one of ["💥", "👩‍👩‍👧‍👦"]) shown.delete(one);
          expect([...shown].join("")).toMatch(/^[^\p{Cs}\p{So}\u200d]*$/u);
        },
      ),
    );
  });

  it("keeps its marks its own, whatever people write or call themselves", () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.stringMatching(/^.{0,5}<{0,2}\/?\s{0,2}(message|EARLIER|note)[\s>"]?.{0,5}$/),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, (text, name, note) => {
        const { envelope } = fakeTurn(text);
        const rendered = renderTurn({ ...envelope, sender: { ...envelope.sender, name }, notes: [note] });
        expect(marks(rendered)).toHaveLength(4);
        expect(rendered.split("\n").filter((line) => /^<(message|note)( [^<>]*)?>$/.test(line))).toHaveLength(
          2,
        );
      }),
    );
  });
});
