import { expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import type { OutboxItem, Store } from "../../store/index.js";
import { partWords } from "./part-words.js";

const store = {
  journal: {
    findByGuid: async (guid: string) =>
      guid === "KNOWN" ? { row: directMessage({ text: "Are we still\non for six?" }) } : undefined,
  },
} as unknown as Store;
const words = (part: Partial<OutboxItem>) => partWords({ account: "default", ...part } as OutboxItem, store);
const act = (name: string, parameters: Record<string, unknown>) => words({ act: { name, parameters } });

it("shows what each part would send or do", async () => {
  expect(await words({ text: "On my way" })).toBe("On my way");
  expect(await words({ text: "Yes", replyTo: "KNOWN" })).toBe(
    'Yes\n(in reply to "Are we still on for six?")',
  );
  expect(await words({ text: "Hooray", effect: "com.apple.messages.effect.CKConfettiEffect" })).toBe(
    "Hooray\n(with the effect confetti)",
  );
  expect(await words({ file: "/state/outgoing/1/plan.pdf" })).toBe("(sends the file plan.pdf)");
  expect(await words({ file: "/state/outgoing/1/hi.m4a", voice: true })).toBe(
    "(sends the voice message hi.m4a)",
  );
  expect(await act("react", { message: "KNOWN", reaction: "love", remove: false })).toBe(
    '(reacts ❤️ to "Are we still on for six?")',
  );
  expect(await act("react", { message: "OTHER", reaction: "🎉", remove: true })).toBe(
    "(takes its 🎉 off a message)",
  );
  expect(await act("edit", { message: "KNOWN", text: "Seven" })).toBe(
    '(changes "Are we still on for six?" into: Seven)',
  );
  expect(await act("poll", { question: "When?", options: ["Fri", "Sat"] })).toBe(
    "(asks in a poll: When? (Fri, Sat))",
  );
  expect(await act("leaveGroup", {})).toBe("(leaves the group)");
});
