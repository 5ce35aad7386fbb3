import { describe, expect, it } from "vitest";
import { type Case, judge, word } from "../../test/support/judge.js";
import { directChat, directMessage } from "../../test/support/message.js";

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

const self = directMessage({ from: "me@example.com", destination: "me@example.com" });
const like = { kind: "like", emoji: "👍", added: true, targetGuid: "X" };

const cases: Case[] = [
  [
    "empty list under allowlist means nobody",
    { dmPolicy: "allowlist" },
    directMessage(),
    {},
    "drop dm_not_allowed allowFrom",
  ],
  ["empty list under pairing offers a code", {}, directMessage(), {}, "pairing pairing_offered allowFrom"],
  [
    "open without * lets nobody in",
    { dmPolicy: "open" },
    directMessage(),
    {},
    "drop dm_not_allowed allowFrom",
  ],
  ["open with * lets everyone in", { dmPolicy: "open", allowFrom: ["*"] }, directMessage(), {}, "dispatch"],
  [
    "disabled drops the listed too",
    { dmPolicy: "disabled", allowFrom: [mia, "*"] },
    directMessage(),
    { approved: true },
    "drop dm_disabled dmPolicy",
  ],
  [
    "a listed number in another spelling",
    { dmPolicy: "allowlist", allowFrom: ["imessage:(555) 010-0123", "+15550100999"] },
    directMessage(),
    {},
    "dispatch",
  ],
  [
    "a listed address in another case",
    { dmPolicy: "allowlist", allowFrom: ["Sam@Example.COM", "*"] },
    directMessage({ from: "sam@example.com" }),
    {},
    "dispatch",
  ],
  ["a listed chat_id", { dmPolicy: "allowlist", allowFrom: ["chat_id:7"] }, directMessage(), {}, "dispatch"],
  [
    "a listed GUID with another service",
    { dmPolicy: "allowlist", allowFrom: [`chat_guid:any;-;${mia}`] },
    directMessage(),
    {},
    "dispatch",
  ],
  [
    "a listed identifier",
    { dmPolicy: "allowlist", allowFrom: [`chat_identifier:${mia}`] },
    directMessage(),
    {},
    "dispatch",
  ],
  ["approved by pairing", {}, directMessage(), { approved: true }, "dispatch"],
  [
    "approved counts under allowlist",
    { dmPolicy: "allowlist" },
    directMessage(),
    { approved: true },
    "dispatch",
  ],
  [
    "a second message gets no second code",
    {},
    directMessage(),
    { pairing: "pending" },
    "pairing pairing_pending allowFrom",
  ],
  ["too many pending", {}, directMessage(), { pairing: "full" }, "pairing pairing_full allowFrom"],
  [
    "a service without pairing",
    { pairing: { services: ["imessage"] } },
    directMessage({ service: "SMS" }),
    {},
    "pairing pairing_service pairing.services",
  ],
  [
    "short codes get no code",
    {},
    directMessage({ from: "24273" }),
    {},
    "drop sender_without_pairing allowFrom",
  ],
  [
    "alphanumeric senders get no code",
    {},
    directMessage({ from: "AMZN" }),
    {},
    "drop sender_without_pairing allowFrom",
  ],
  [
    "business ids get no code",
    {},
    directMessage({ from: "urn:biz:5d1b7a3f" }),
    {},
    "drop sender_without_pairing allowFrom",
  ],
  ...["flights_agent@rbm.goog", "Flights@RBM.Goog", "flights@eu.rbm.goog", "flights@rbm.goog(smsft)"].map(
    (from): Case => [
      `programs of RCS get no code: ${from}`,
      {},
      directMessage({ from }),
      {},
      "drop sender_without_pairing allowFrom",
    ],
  ),
  ...["rbm.goog@example.com", "sam@notrbm.goog", "sam@rbm.goog.example.com"].map(
    (from): Case => [
      `a person gets one whose address only looks like such a program's: ${from}`,
      {},
      directMessage({ from }),
      {},
      "pairing pairing_offered allowFrom",
    ],
  ),
  ["the self-chat gets no code", {}, self, {}, "drop self_chat_not_allowed allowFrom"],
  [
    "a self-chat without destination, by the account's addresses",
    {},
    directMessage({ from: "me@example.com", destination: undefined }),
    { ownAddresses: ["Me@example.com"] },
    "drop self_chat_not_allowed allowFrom",
  ],
  ["a listed self-chat is answered", { allowFrom: ["me@example.com"] }, self, {}, "dispatch owner"],
  [
    "a thread of several people gets no code, and is judged as a group",
    { allowFrom: ["+15550100999"] },
    directMessage({ chat: { ...directChat(mia), participants: [mia, "+15550100456"] } }),
    {},
    "drop group_sender_not_allowed allowFrom",
  ],
  [
    "a tapback of somebody unknown gets no code",
    {},
    directMessage({ tapback: like }),
    {},
    "drop dm_not_allowed allowFrom",
  ],
  ["an echo", { allowFrom: [mia] }, directMessage({ fromMe: true }), { echo: true }, "drop echo"],
  ["own rows", { allowFrom: [mia] }, directMessage({ fromMe: true }), {}, "drop own_message"],
  ["echoes", { allowFrom: [mia] }, directMessage(), { echo: true }, "drop echo"],
  ["re-inserted rows", { allowFrom: [mia] }, directMessage(), { reinserted: true }, "drop reinserted"],
  ["system rows", { allowFrom: [mia] }, directMessage({ text: "" }), {}, "drop empty"],
  ["a row without sender", { allowFrom: ["*"] }, directMessage({ sender: "" }), {}, "drop no_sender"],
  [
    "the own address stands for no sender",
    { allowFrom: ["*"], commands: { ownerAllowFrom: ["bot@example.com"] } },
    directMessage({ sender: "bot@example.com" }),
    {},
    "drop no_sender",
  ],
  [
    "a row without chat",
    { allowFrom: ["*"] },
    directMessage({ chat: { ...directChat(mia), id: 0, guid: "", identifier: "" } }),
    {},
    "drop no_chat",
  ],
  [
    "older than 15 minutes on arrival",
    { allowFrom: [mia] },
    directMessage(),
    { liveAgeMs: 900_001 },
    "drop backlog",
  ],
  [
    "15 minutes on arrival",
    { allowFrom: [mia, "+15550100999"] },
    directMessage(),
    { liveAgeMs: 900_000 },
    "dispatch",
  ],
  [
    "missed while the gateway was down",
    { allowFrom: [mia] },
    directMessage(),
    { missedOffline: true },
    "drop missed_offline catchup.enabled",
  ],
  [
    "a photo alone, attachments off",
    { allowFrom: [mia] },
    directMessage({ text: "\ufffc", attachments: [photo] }),
    {},
    "drop attachments_only includeAttachments",
  ],
  [
    "a photo alone, attachments on",
    { allowFrom: [mia, "*"], includeAttachments: true },
    directMessage({ text: "\ufffc", attachments: [photo] }),
    {},
    "dispatch",
  ],
  [
    "a photo with words, attachments off",
    { allowFrom: [mia, "*"] },
    directMessage({ text: "\ufffclook", attachments: [photo] }),
    {},
    "dispatch",
  ],
  [
    "a photo from somebody unknown still gets a code",
    {},
    directMessage({ text: "\ufffc", attachments: [photo] }),
    {},
    "pairing pairing_offered allowFrom",
  ],
  ["hushed", { allowFrom: [mia] }, directMessage(), { hushed: true }, "drop hushed handoff.quietMinutes"],
  [
    "a command passes the hush",
    { allowFrom: [mia] },
    directMessage({ text: "/status" }),
    { hushed: true },
    "/status owner",
  ],
  ["the loop guard", { allowFrom: [mia] }, directMessage(), { looping: true }, "drop loop_guard"],
  [
    "a tapback on ours",
    { allowFrom: [mia] },
    directMessage({ tapback: like }),
    { refersToOurs: true },
    "context tapback",
  ],
  [
    "a tapback on another's",
    { allowFrom: [mia] },
    directMessage({ tapback: like }),
    {},
    "drop tapback_not_ours reactionNotifications",
  ],
  [
    "all tapbacks",
    { allowFrom: [mia], reactionNotifications: "all" },
    directMessage({ tapback: like }),
    {},
    "context tapback",
  ],
  [
    "no tapbacks",
    { allowFrom: [mia], reactionNotifications: "off" },
    directMessage({ tapback: like }),
    { refersToOurs: true },
    "drop tapback_off reactionNotifications",
  ],
];

describe("direct messages", () => {
  it.each(cases)("%s", (_name, source, message, facts, expected) => {
    expect(word(judge(source, message, facts))).toBe(expected);
  });
});
