import { describe, expect, it } from "vitest";
import { type Case, judge, word } from "../../test/support/judge.js";
import { directMessage, groupMessage } from "../../test/support/message.js";

const mia = "+15550100123";
const photo = {
  ...{ path: "/a.heic", name: "a.heic", mimeType: "image/heic", uti: "public.heic", bytes: 1 },
  ...{ missing: false, isSticker: false },
};
const cases: Case[] = [
  ["the one whom allowFrom names is the owner", { allowFrom: [mia] }, directMessage(), {}, "dispatch owner"],
  ["two named: no owner", { allowFrom: [mia, "+15550100456"] }, directMessage(), {}, "dispatch"],
  ["one in two spellings is one", { allowFrom: [mia, "5550100123"] }, directMessage(), {}, "dispatch owner"],
  ["with * there is no owner", { allowFrom: [mia, "*"] }, directMessage(), {}, "dispatch"],
  [
    "ownerAllowFrom replaces the one named",
    { allowFrom: [mia], commands: { ownerAllowFrom: ["sam@example.com"] } },
    directMessage(),
    {},
    "dispatch",
  ],
  [
    "ownerAllowFrom admits nobody by itself",
    { commands: { ownerAllowFrom: [mia] } },
    directMessage(),
    {},
    "pairing pairing_offered allowFrom",
  ],
  [
    "an owner whom the store knows",
    { allowFrom: ["*"] },
    directMessage(),
    { owners: ["imessage:+1 555 010 0123"] },
    "dispatch owner",
  ],
  ["an owner over SMS is none", { allowFrom: [mia] }, directMessage({ service: "SMS" }), {}, "dispatch"],
  [
    "an owner over an unknown service is none",
    { allowFrom: [mia] },
    directMessage({ service: "any" }),
    {},
    "dispatch",
  ],
  [
    "the list of chats tells the service",
    { allowFrom: [mia] },
    directMessage({ service: "any" }),
    { service: "imessage" },
    "dispatch owner",
  ],
  [
    "the GUID beats the list of chats",
    { allowFrom: [mia] },
    directMessage({ service: "SMS" }),
    { service: "imessage" },
    "dispatch",
  ],
  [
    "ownerServices widens",
    { allowFrom: [mia], commands: { ownerServices: ["imessage", "sms"] } },
    directMessage({ service: "SMS" }),
    {},
    "dispatch owner",
  ],
  [
    "commands over SMS carry no owner rights",
    { allowFrom: [mia] },
    directMessage({ service: "SMS", text: "/config show" }),
    {},
    "/config",
  ],
  ["a command", { allowFrom: [mia] }, directMessage({ text: " /Status now" }), {}, "/status owner"],
  [
    "an unknown word after a slash is text",
    { allowFrom: [mia] },
    directMessage({ text: "/usr/bin is full" }),
    {},
    "dispatch owner",
  ],
  [
    "a slash inside is text",
    { allowFrom: [mia] },
    directMessage({ text: "use /status" }),
    {},
    "dispatch owner",
  ],
  [
    "commands turned off are text",
    { allowFrom: [mia], commands: { text: false } },
    directMessage({ text: "/status" }),
    {},
    "dispatch owner",
  ],
  [
    "commands of strangers are not answered",
    { dmPolicy: "allowlist" },
    directMessage({ text: "/status" }),
    {},
    "drop dm_not_allowed allowFrom",
  ],
  ["STOP", { allowFrom: ["*"] }, directMessage({ text: " stop " }), {}, "/opt-out"],
  ["STOP of an owner is text", { allowFrom: [mia] }, directMessage({ text: "STOP" }), {}, "dispatch owner"],
  [
    "STOP in an owner's name over SMS is text too",
    { allowFrom: [mia] },
    directMessage({ text: "STOP", service: "SMS" }),
    {},
    "dispatch",
  ],
  [
    "STOP inside a sentence is text",
    { allowFrom: ["*"] },
    directMessage({ text: "stop that" }),
    {},
    "dispatch",
  ],
  [
    "a configured word",
    { allowFrom: ["*"], optOut: { words: ["Arrêt"] } },
    directMessage({ text: "ARRÊT" }),
    {},
    "/opt-out",
  ],
  ["STOP of somebody unknown, whom a code would reach", {}, directMessage({ text: "STOP" }), {}, "/opt-out"],
  [
    "STOP of somebody to whom nothing is sent",
    { dmPolicy: "allowlist" },
    directMessage({ text: "STOP" }),
    {},
    "/opt-out silent",
  ],
  [
    "STOP of somebody we wrote to",
    { dmPolicy: "disabled" },
    directMessage({ text: "STOP" }),
    { contacted: true },
    "/opt-out",
  ],
  ...["24273", "flights@rbm.goog"].map(
    (from): Case => [
      `STOP of a program that we wrote to: ${from}`,
      { allowFrom: ["*"] },
      directMessage({ from, text: "STOP" }),
      { contacted: true },
      "/opt-out silent",
    ],
  ),
  ["STOP counts late", { allowFrom: ["*"] }, directMessage({ text: "STOP" }), { liveAgeMs: 9e6 }, "/opt-out"],
  ["after STOP nothing", { allowFrom: ["*"] }, directMessage(), { optedOut: true }, "drop opted_out"],
  [
    "START",
    { allowFrom: ["*"] },
    directMessage({ text: "Start" }),
    { optedOut: true, afterStop: true },
    "/opt-in",
  ],
  [
    "START from before STOP",
    { allowFrom: ["*"] },
    directMessage({ text: "START" }),
    { optedOut: true },
    "drop opted_out",
  ],
  [
    "STOP again",
    { allowFrom: ["*"] },
    directMessage({ text: "stop" }),
    { optedOut: true, contacted: true },
    "/opt-out silent",
  ],
  [
    "STOP again of who is an owner by now",
    { allowFrom: [mia] },
    directMessage({ text: "STOP" }),
    { optedOut: true },
    "drop opted_out",
  ],
  [
    "START of somebody to whom nothing is sent",
    { dmPolicy: "allowlist" },
    directMessage({ text: "START" }),
    { optedOut: true, afterStop: true },
    "/opt-in silent",
  ],
  [
    "STOP over a service that gets no code",
    { pairing: { services: ["imessage"] } },
    directMessage({ text: "STOP", service: "SMS" }),
    {},
    "/opt-out silent over sms",
  ],
  ...(["SMS", "RCS", "any"] as const).map(
    (service): Case => [
      `STOP whose sender could be forged: ${service}`,
      { allowFrom: ["*"] },
      directMessage({ text: "STOP", service }),
      {},
      `/opt-out over ${service === "any" ? "unknown" : service.toLowerCase()}`,
    ],
  ),
  [
    "STOP over a service that the list of chats tells",
    { allowFrom: ["*"] },
    directMessage({ text: "STOP", service: "any" }),
    { service: "imessage" },
    "/opt-out",
  ],
  ...[{ text: "\ufffc" }, { text: "" }].map(
    (change): Case => [
      `a picture is no STOP, whatever word is set: ${JSON.stringify(change.text)}`,
      { allowFrom: ["*"], includeAttachments: true, optOut: { words: [" "] } },
      directMessage({ ...change, attachments: [photo] }),
      {},
      "dispatch",
    ],
  ),
  ["START without STOP is text", { allowFrom: ["*"] }, directMessage({ text: "START" }), {}, "dispatch"],
  ["stop in a group is text", { groupPolicy: "open" }, groupMessage({ text: "stop" }), {}, "dispatch"],
  ["the enrolment phrase", {}, directMessage(), { enrolment: true }, "/enrol"],
  [
    "the enrolment phrase over SMS",
    {},
    directMessage({ service: "SMS" }),
    { enrolment: true },
    "drop enrolment_service commands.ownerServices",
  ],
  [
    "the enrolment phrase in a group",
    {},
    groupMessage(),
    { enrolment: true },
    "drop group_sender_not_allowed groupAllowFrom",
  ],
];

describe("trust, commands and opt-out", () => {
  it.each(cases)("%s", (_name, source, message, facts, expected) => {
    expect(word(judge(source, message, facts))).toBe(expected);
  });

  it("says so where nothing tells the service", () => {
    const gate = (name: string, source: Case[1], facts: Case[3]) =>
      judge(source, directMessage({ service: "any" }), facts).gates.find((one) => one.gate === name)?.detail;
    const untold =
      /\(unknown: the chat's GUID begins with "any", and the list of chats does not name its service\)/;
    expect(gate("owner", { allowFrom: [mia] }, {})).toMatch(untold);
    expect(gate("enrolment", {}, { enrolment: true })).toMatch(untold);
    expect(gate("pairing.services", { pairing: { services: ["imessage"] } }, {})).toMatch(untold);
    expect(gate("owner", { allowFrom: [mia] }, { service: "sms" })).toMatch(
      /\(sms, as the list of chats says/,
    );
  });
});
