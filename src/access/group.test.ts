import { describe, expect, it } from "vitest";
import { type Case, judge, word } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";

const mia = "+15550100123";
const photo = {
  path: "/a.heic",
  name: "a.heic",
  mimeType: "image/heic",
  uti: "public.heic",
  bytes: 1,
  missing: false,
  isSticker: false,
};

const mention = { mentionPatterns: ["@?tapback\\b"] };
const open = { groupPolicy: "open" as const, ...mention };
const hello = groupMessage({ text: "hi TAPBACK, when?" });

const cases: Case[] = [
  ["empty lists mean nobody", {}, groupMessage(), {}, "drop group_sender_not_allowed groupAllowFrom"],
  [
    "an approval never opens groups",
    {},
    groupMessage(),
    { approved: true },
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  [
    "disabled",
    { groupPolicy: "disabled", groupAllowFrom: ["*"] },
    hello,
    {},
    "drop group_disabled groupPolicy",
  ],
  ["allowFrom stands in", { allowFrom: [mia, "sam@example.com"] }, hello, {}, "dispatch"],
  [
    "allowFrom stands in and misses",
    { allowFrom: ["sam@example.com"] },
    hello,
    {},
    "drop group_sender_not_allowed allowFrom",
  ],
  [
    "groupAllowFrom [] blocks everyone",
    { allowFrom: [mia], groupAllowFrom: [] },
    hello,
    {},
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  [
    "groupAllowFrom wins over allowFrom",
    { allowFrom: [mia], groupAllowFrom: ["sam@example.com"] },
    hello,
    {},
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  ["the group itself is listed", { groupAllowFrom: ["chat_guid:any;+;chat640088"] }, hello, {}, "dispatch"],
  [
    "the chat's own list wins",
    { groupAllowFrom: [mia], groups: { "88": { allowFrom: ["sam@example.com"] } } },
    hello,
    {},
    "drop group_sender_not_allowed groups.88.allowFrom",
  ],
  [
    "the chat's own list admits",
    { groupAllowFrom: [], groups: { "88": { allowFrom: [mia] } } },
    hello,
    {},
    "dispatch",
  ],
  [
    "a group that is not listed",
    { groupAllowFrom: [mia], groups: { "12": {} } },
    hello,
    {},
    "drop group_not_listed groups",
  ],
  ["also under open", { ...open, groups: { "12": {} } }, hello, {}, "drop group_not_listed groups"],
  ["the wildcard lists every group", { ...open, groups: { "*": {} } }, hello, {}, "dispatch"],
  [
    "the sender comes before the registry",
    { groupAllowFrom: [], groups: { "12": {} } },
    hello,
    {},
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  [
    "a group turned off",
    { ...open, groups: { "88": { enabled: false } } },
    hello,
    {},
    "drop group_chat_disabled groups.88.enabled",
  ],
  [
    "all others turned off",
    { ...open, groups: { "*": { enabled: false }, "12": {} } },
    hello,
    {},
    'drop group_chat_disabled groups["*"].enabled',
  ],
  [
    "named, while all others are turned off",
    { ...open, groups: { "*": { enabled: false }, "88": {} } },
    hello,
    {},
    "dispatch",
  ],
  ["not mentioned", open, groupMessage(), {}, 'context not_mentioned groups["*"].requireMention'],
  [
    "not mentioned, own entry",
    { ...open, groups: { "88": {} } },
    groupMessage(),
    {},
    "context not_mentioned groups.88.requireMention",
  ],
  ["mentioned", open, hello, {}, "dispatch"],
  ["a reply to ours", open, groupMessage(), { refersToOurs: true }, "dispatch"],
  ["no patterns: the gate has no force", { groupPolicy: "open" }, groupMessage(), {}, "dispatch"],
  [
    "no mention asked for",
    { ...open, groups: { "88": { requireMention: false } } },
    groupMessage(),
    {},
    "dispatch",
  ],
  [
    "no mention asked for anywhere",
    { ...open, groups: { "*": { requireMention: false } } },
    groupMessage(),
    {},
    "dispatch",
  ],
  [
    "asked for here, not elsewhere",
    { ...open, groups: { "*": { requireMention: false }, "88": { requireMention: true } } },
    groupMessage(),
    {},
    "context not_mentioned groups.88.requireMention",
  ],
  [
    "the agent's own patterns",
    { ...open, agentMentionPatterns: { codex: ["codex"] } },
    hello,
    { agentId: "codex" },
    'context not_mentioned groups["*"].requireMention',
  ],
  [
    "another agent's patterns",
    { ...open, agentMentionPatterns: { codex: ["codex"] } },
    hello,
    { agentId: "main" },
    "dispatch",
  ],
  [
    "a command of a listed sender",
    { ...mention, groupAllowFrom: [mia] },
    groupMessage({ text: "/status" }),
    {},
    "/status",
  ],
  [
    "a command of an unlisted sender under open",
    open,
    groupMessage({ text: "/status" }),
    {},
    'context not_mentioned groups["*"].requireMention',
  ],
  [
    "a command of an owner under open",
    { ...open, commands: { ownerAllowFrom: [mia] } },
    groupMessage({ text: "/status" }),
    {},
    "/status owner",
  ],
  [
    "a command where no mention is asked for",
    { ...open, groups: { "*": { requireMention: false } } },
    groupMessage({ text: "/status" }),
    {},
    "/status",
  ],
  [
    "a photo alone",
    { ...open, groups: { "*": { requireMention: false } } },
    groupMessage({ text: "\ufffc", attachments: [photo] }),
    {},
    "drop attachments_only includeAttachments",
  ],
  [
    "a group-ish thread",
    { ...open, dmPolicy: "disabled", groups: { "7": {} } },
    directMessage({ text: "tapback?" }),
    {},
    "dispatch",
  ],
  [
    "a group-ish thread by its rules",
    { allowFrom: ["*"], groupAllowFrom: [], groups: { "7": {} } },
    directMessage(),
    {},
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  [
    "a missing block fails closed",
    { configured: false, defaultGroupPolicy: "open" },
    hello,
    {},
    "drop group_sender_not_allowed groupAllowFrom",
  ],
  ["the default policy of channels", { defaultGroupPolicy: "open" }, groupMessage(), {}, "dispatch"],
  [
    "the default policy names its own key",
    { defaultGroupPolicy: "disabled" },
    groupMessage(),
    {},
    "drop group_disabled channels.defaults.groupPolicy",
  ],
  [
    "an account's own field is named",
    {
      accountId: "work",
      paths: { groupPolicy: ["channels", "imessage", "accounts", "work", "groupPolicy"] },
      groupPolicy: "disabled",
    },
    groupMessage(),
    {},
    "drop group_disabled accounts.work.groupPolicy",
  ],
];

describe("groups", () => {
  it.each(cases)("%s", (_name, source, message, facts, expected) => {
    expect(word(judge(source, message, facts))).toBe(expected);
  });
});
