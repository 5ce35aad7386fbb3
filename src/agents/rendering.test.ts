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
