import { describe, expect, it } from "vitest";
import { judge } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";
import type { Decision, MessageRow } from "../conversation/index.js";
import type { Facts } from "./facts.js";
import type { PolicySource } from "./policy-source.js";

const mia = "+15550100123";

describe("gates", () => {
  it("are recorded in the order they were met, with the keys that decided", () => {
    const { gates, treatedAs } = judge(
      { groupPolicy: "open", mentionPatterns: ["@?tapback"], groups: { "88": {} }, allowFrom: [mia] },
      groupMessage(),
    );
    expect(treatedAs).toBe("group");
    expect(gates.map(({ gate, passed }) => `${gate} ${passed}`)).toEqual([
      "groupPolicy true",
      "groups true",
      "owner true",
      "mention false",
    ]);
    expect(gates.at(-1)?.key).toBe("channels.imessage.groups.88.requireMention");
  });

  it("say when a setting leaves them without force", () => {
    const warnings = (decision: Decision) => decision.gates.flatMap(({ warning }) => warning ?? []);
    expect(warnings(judge({ groupPolicy: "open" }, groupMessage()))).toEqual(["mention_patterns_missing"]);
    expect(warnings(judge({ configured: false }, groupMessage()))).toEqual(["channel_block_missing"]);
  });

  it("name the service when an owner is not trusted over it", () => {
    const { gates } = judge({ allowFrom: [mia] }, directMessage({ service: "SMS" }));
    expect(gates.find(({ gate }) => gate === "owner")).toMatchObject({
      passed: false,
      key: "commands.ownerServices",
      detail: expect.stringContaining("(sms)"),
    });
  });
});

describe("the key that a refusal names", () => {
  const photo = {
    path: "/a",
    name: "a",
    mimeType: "image/png",
    uti: "public.png",
    bytes: 1,
    missing: false,
    isSticker: false,
  };
  const like = { kind: "like", emoji: "👍", added: true, targetGuid: "X" };
  const sms = directMessage({ service: "SMS" });

  it.each<[string, string, Partial<PolicySource>, Partial<PolicySource>, MessageRow, Facts?]>([
    [
      "attachments_only",
      "includeAttachments",
      { allowFrom: ["*"] },
      { includeAttachments: true },
      directMessage({ text: "", attachments: [photo] }),
    ],
    [
      "tapback_not_ours",
      "reactionNotifications",
      { allowFrom: ["*"] },
      { reactionNotifications: "all" },
      directMessage({ tapback: like }),
    ],
    [
      "tapback_off",
      "reactionNotifications",
      { allowFrom: ["*"], reactionNotifications: "off" },
      { reactionNotifications: "own" },
      directMessage({ tapback: like }),
      { refersToOurs: true },
    ],
    [
      "pairing_service",
      "pairing.services",
      { pairing: { services: ["imessage"] } },
      { pairing: { services: ["imessage", "sms"] } },
      sms,
    ],
    [
      "enrolment_service",
      "commands.ownerServices",
      {},
      { commands: { ownerServices: ["imessage", "sms"] } },
      sms,
      { enrolment: true },
    ],
    [
      "group_disabled",
      "channels.defaults.groupPolicy",
      { defaultGroupPolicy: "disabled" },
      { defaultGroupPolicy: "open" },
      groupMessage(),
    ],
  ])("changes %s", (reason, key, source, change, message, facts = {}) => {
    const before = judge(source, message, facts);
    expect(before).toMatchObject({ reason, key: expect.stringMatching(new RegExp(`${key}$`)) });
    expect(judge({ ...source, ...change }, message, facts)).not.toMatchObject({ reason });
  });
});

describe("an answer to a permission request", () => {
  const open = { dmPolicy: "open", allowFrom: ["*"], commands: { ownerAllowFrom: [mia] } } as const;
  const like = { kind: "like", emoji: "👍", added: true, targetGuid: "G" };

  it("is a command of its owner, whatever service it came over, and of nobody else", () => {
    const message = directMessage({ text: "1" });
    expect(judge(open, message, { answersQuestion: true })).toMatchObject({
      kind: "command",
      name: "answer",
      isOwner: true,
    });
    expect(judge(open, message)).toMatchObject({ kind: "dispatch" });
    const other = directMessage({ text: "1", from: "+15550100456" });
    expect(judge(open, other, { answersQuestion: true })).toMatchObject({ kind: "dispatch", isOwner: false });
    const forged = directMessage({ text: "1", service: "SMS" });
    expect(judge(open, forged, { answersQuestion: true })).toMatchObject({ kind: "command", isOwner: false });
  });

  it("may be a tapback, also where the agent hears of none", () => {
    const off = { ...open, reactionNotifications: "off" } as const;
    const message = directMessage({ tapback: like });
    expect(judge(off, message, { answersQuestion: true })).toMatchObject({ kind: "command", name: "answer" });
  });

  it("leaves what a group's members write or put on a message while it is open as it is", () => {
    const group = {
      ...open,
      groupPolicy: "open",
      groups: { "*": {} },
      mentionPatterns: ["tapback"],
    } as const;
    const from = "+15550100456";
    const facts = { answersQuestion: true, refersToOurs: true };
    expect(judge(group, groupMessage({ from, text: "2" }), { answersQuestion: true })).toMatchObject({
      kind: "context",
      reason: "not_mentioned",
    });
    for (const added of [true, false])
      expect(judge(group, groupMessage({ from, tapback: { ...like, added } }), facts)).toMatchObject({
        kind: "context",
        reason: "tapback",
      });
  });

  it("is nobody's who is not let in, nor of a group's member who is not listed", () => {
    const closed = { dmPolicy: "allowlist", allowFrom: ["+15550100999"] } as const;
    expect(judge(closed, directMessage({ text: "1" }), { answersQuestion: true })).toMatchObject({
      kind: "drop",
    });
    const group = { ...open, groupPolicy: "open", allowFrom: [], dmPolicy: "pairing" } as const;
    const stranger = groupMessage({ text: "1", from: "+15550100456" });
    expect(judge(group, stranger, { answersQuestion: true })).not.toMatchObject({ kind: "command" });
    const own = groupMessage({ text: "1" });
    expect(judge(group, own, { answersQuestion: true })).toMatchObject({ kind: "command", isOwner: true });
  });
});

describe("an answer of whoever an agent asks", () => {
  const asked = { answersQuestion: true, isAsked: true };
  const sam = "+15550100456";

  it("is a command of a guest, without a mention in a group and where the agent hears of no tapbacks", () => {
    const open = { dmPolicy: "open", allowFrom: ["*"], commands: { ownerAllowFrom: [mia] } } as const;
    const answer = { kind: "command", name: "answer", isOwner: false };
    expect(judge(open, directMessage({ text: "1", from: sam }), asked)).toMatchObject(answer);
    const group = {
      ...open,
      groupPolicy: "open",
      groups: { "*": {} },
      mentionPatterns: ["tapback"],
    } as const;
    expect(judge(group, groupMessage({ from: sam, text: "2" }), asked)).toMatchObject(answer);
    const keycap = { kind: "custom", emoji: "1️⃣", added: true, targetGuid: "G" };
    const off = { ...open, reactionNotifications: "off" } as const;
    expect(judge(off, directMessage({ from: sam, tapback: keycap }), asked)).toMatchObject(answer);
  });

  it("is nobody's who is let in no more, or has said STOP", () => {
    const closed = { dmPolicy: "allowlist", allowFrom: [mia] } as const;
    const message = directMessage({ text: "1", from: sam });
    expect(judge(closed, message, asked)).toMatchObject({ kind: "drop" });
    const open = { dmPolicy: "open", allowFrom: ["*"] } as const;
    expect(judge(open, message, { ...asked, optedOut: true })).toMatchObject({ kind: "drop" });
  });
});

describe("the service of an any;-; chat", () => {
  const source = { allowFrom: [mia], commands: { ownerAllowFrom: [mia] } };
  const anyChat = directMessage({ service: "any" });
  const chatAlone = "the service of a single message is not known";
  const owner = (facts: object, message = anyChat) =>
    judge(source, message, facts).gates.find(({ gate }) => gate === "owner");

  it("is said to be the chat's where it gives an owner's rights, and where it gives none", () => {
    expect(owner({ service: "imessage" })).toMatchObject({
      passed: true,
      detail: expect.stringContaining(`imessage, as the list of chats says of the whole chat: ${chatAlone}`),
    });
    expect(owner({ service: "sms" })).toMatchObject({
      passed: false,
      detail: expect.stringContaining(chatAlone),
    });
    expect(owner({})).toMatchObject({ passed: false, detail: expect.stringContaining("unknown: ") });
    expect(owner({}, directMessage())?.detail).toBe("The sender is an owner.");
  });

  it("is said so by the gates of pairing and enrolment too", () => {
    const details = (more: object, facts: object) =>
      judge({ ...more, allowFrom: [] }, anyChat, { service: "sms", ...facts }).gates.map(
        ({ detail }) => detail,
      );
    const says = expect.arrayContaining([expect.stringContaining(chatAlone)]);
    expect(details({ pairing: { services: ["imessage"] } }, {})).toEqual(says);
    expect(details({}, { enrolment: true })).toEqual(says);
  });
});

describe("a command in a group", () => {
  const listed = (source: object, text = "/help", from = "+15550100456") =>
    judge({ commands: { ownerAllowFrom: [mia] }, ...source }, groupMessage({ text, from }), {});
  const free = { groups: { "*": { requireMention: false } } };

  it.each([
    ["chat_id:88", "dispatch"],
    ["chat_guid:iMessage;+;chat640088", "dispatch"],
    ["chat_identifier:chat640088", "dispatch"],
    ["+15550100456", "command"],
    ["*", "command"],
  ])("of somebody whom %s lets in is a %s", (entry, kind) => {
    expect(listed({ ...free, groupAllowFrom: [entry] }).kind).toBe(kind);
    expect(listed({ ...free, groupAllowFrom: ["chat_id:88", entry] }).kind).toBe(kind);
    expect(listed({ groups: { "88": { requireMention: false, allowFrom: [entry] } } }).kind).toBe(kind);
    expect(listed({ ...free, groupAllowFrom: [entry] }, "hello").kind).toBe("dispatch");
  });

  it("says why it is none, passes no mention gate, and stays one for an owner and under open", () => {
    const chatAlone = { groupAllowFrom: ["chat_id:88"] };
    expect(listed({ ...free, ...chatAlone }).gates.at(-1)).toMatchObject({
      gate: "command",
      passed: false,
      key: "channels.imessage.groupAllowFrom",
    });
    expect(listed({ ...chatAlone, mentionPatterns: ["tapback"] })).toMatchObject({ reason: "not_mentioned" });
    expect(listed({ ...free, ...chatAlone }, "/help", mia)).toMatchObject({ kind: "command", isOwner: true });
    expect(listed({ ...free, ...chatAlone, groupPolicy: "open" }).kind).toBe("command");
  });
});
