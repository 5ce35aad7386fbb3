import { expect, it } from "vitest";
import { directMessage } from "../../../test/support/message.js";
import type { MessageRow } from "../../conversation/index.js";
import type { OutboxItem, Store } from "../../store/index.js";
import { partWords } from "./part-words.js";

const rows: Record<string, MessageRow> = {
  KNOWN: directMessage({ text: "Are we still\non for six?" }),
  LONG: directMessage({ text: "x".repeat(200) }),
  POLL: directMessage({ text: "￼", poll: { kind: "created", question: "When?" } }),
};
const store = {
  journal: {
    findByGuid: async (guid: string, account: string) =>
      account === "default" && rows[guid] ? { row: rows[guid] } : undefined,
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

it.each([
  ["unsend", { message: "KNOWN" }, 'takes back "Are we still on for six?"'],
  ["renameGroup", { name: "Climbing" }, 'names the group "Climbing"'],
  ["renameGroup", { name: "" }, "takes the group's name away"],
  ["setGroupIcon", { file: "/state/outgoing/1/rock.png" }, "sets the group's picture to rock.png"],
  ["addParticipant", { address: "+15550100777" }, "adds +15550100777 to the group"],
  ["removeParticipant", { address: "+15550100777" }, "removes +15550100777 from the group"],
  ["pollVote", { poll: "POLL" }, 'votes in the poll "When?"'],
  ["somethingNew", {}, "somethingNew"],
])("shows the act %s %j", async (name, parameters, wanted) => {
  expect(await act(name, parameters)).toBe(`(${wanted})`);
});

it("shows everything that holds of a part, and a part without words as nothing", async () => {
  const effect = "com.apple.messages.effect.CKConfettiEffect";
  expect(await words({ text: "Yes", replyTo: "KNOWN", effect })).toBe(
    'Yes\n(in reply to "Are we still on for six?", with the effect confetti)',
  );
  expect(await words({ file: "/a/b.pdf", replyTo: "OTHER" })).toBe(
    "(sends the file b.pdf in reply to a message)",
  );
  expect(await words({ replyTo: "OTHER" })).toBe("\n(in reply to a message)");
  expect(await words({})).toBe("");
  expect(await words({ text: "Hi", effect: "com.example.own" })).toBe(
    "Hi\n(with the effect com.example.own)",
  );
});

it("quotes the start of a long message, and none of another account", async () => {
  expect(await act("unsend", { message: "LONG" })).toMatch(/^\(takes back "x{79}…"\)$/);
  expect(await words({ account: "work", text: "Yes", replyTo: "KNOWN" })).toBe(
    "Yes\n(in reply to a message)",
  );
});
