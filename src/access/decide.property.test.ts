import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directMessage } from "../../test/support/message.js";
import { runsOf } from "../../test/support/property-runs.js";
import type { Chat, MessageRow } from "../conversation/index.js";
import { decide } from "./decide.js";
import type { Facts } from "./facts.js";
import { compilePolicy } from "./policy.js";
import type { PolicySource } from "./policy-source.js";

const handle = fc.constantFrom(
  "+15550100123",
  "(415) 555-0123",
  "sam@example.com",
  "24273",
  "AMZN",
  "urn:biz:1",
  "agent@rbm.goog",
  "",
  "bot@example.com",
);
const entry = fc.oneof(
  handle,
  fc.constantFrom("*", "chat_id:7", "chat_guid:any;+;chat88", "chat_identifier:chat88", "chat_id:x"),
);
const list = fc.array(entry, { maxLength: 3 });
const group = fc.record(
  { requireMention: fc.boolean(), enabled: fc.boolean(), allowFrom: list },
  { requiredKeys: [] },
);

const source: fc.Arbitrary<PolicySource> = fc.record(
  {
    accountId: fc.constant("default"),
    configured: fc.boolean(),
    dmPolicy: fc.constantFrom("pairing", "allowlist", "open", "disabled"),
    allowFrom: list,
    groupPolicy: fc.constantFrom("allowlist", "open", "disabled"),
    defaultGroupPolicy: fc.constantFrom("allowlist", "open", "disabled"),
    groupAllowFrom: list,
    groups: fc.dictionary(fc.constantFrom("7", "88", "*"), group, { noNullPrototype: true }),
    includeAttachments: fc.boolean(),
    reactionNotifications: fc.constantFrom("own", "all", "off"),
    commands: fc.record(
      { ownerAllowFrom: list, ownerServices: fc.constantFrom(["imessage"], ["imessage", "sms"]) },
      { requiredKeys: [] },
    ),
    optOut: fc.constantFrom({ words: ["quit"] }),
    mentionPatterns: fc.constantFrom([], ["bot"]),
    commandRules: fc.constant({ status: { typed: true, quick: false } }),
  },
  { requiredKeys: ["accountId"] },
);

const chat: fc.Arbitrary<Chat> = fc.record({
  id: fc.constantFrom(0, 7, 88),
  guid: fc.constantFrom("", "iMessage;-;+15550100123", "SMS;-;+15550100123", "any;+;chat88"),
  identifier: fc.constantFrom("", "+15550100123", "chat88", "bot@example.com"),
  name: fc.constant(""),
  participants: fc.array(handle, { maxLength: 3 }),
  isGroup: fc.boolean(),
});

const message: fc.Arbitrary<MessageRow> = fc
  .record(
    {
      chat,
      sender: handle,
      fromMe: fc.boolean(),
      text: fc.oneof(fc.constantFrom("hi", "hi bot", "/status", "STOP", "START", "\ufffc", ""), fc.string()),
      destination: handle,
      tapback: fc.constant({ kind: "like", emoji: "👍", added: true, targetGuid: "X" }),
      poll: fc.constantFrom({ kind: "vote" }, { kind: "created", question: "bot?" }),
    },
    { requiredKeys: ["chat", "sender", "fromMe", "text"] },
  )
  .map((change) => directMessage(change));

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    approved: fc.boolean(),
    pairing: fc.constantFrom("none", "pending", "full"),
    owners: fc.array(handle, { maxLength: 2 }),
    service: fc.constantFrom("imessage", "sms", "unknown"),
    echo: fc.boolean(),
    optedOut: fc.boolean(),
    afterStop: fc.boolean(),
    refersToOurs: fc.boolean(),
    enrolment: fc.boolean(),
    liveAgeMs: fc.constantFrom(0, 9e6),
    hushed: fc.boolean(),
    looping: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe("decide", () => {
  it("is total and pure, and keeps its promises whatever it is given", () => {
    fc.assert(
      fc.property(source, message, facts, (written, row, known) => {
        const policy = compilePolicy(written);
        const before = JSON.stringify([row, known]);
        const decision = decide(row, policy, known);
        expect(decide(row, policy, known)).toEqual(decision);
        expect(JSON.stringify([row, known])).toBe(before);
        const answered = decision.kind === "dispatch" || (decision.kind === "pairing" && decision.offer);
        // Nothing is answered that is our own, has no sender, or was ended by its sender.
        if (row.fromMe || known.echo || row.sender === "" || known.optedOut) expect(answered).toBe(false);
        // Owner rights never come without a service that is trusted.
        if ("isOwner" in decision && decision.isOwner)
          expect(row.chat.guid.startsWith("SMS") && !written.commands?.ownerServices?.includes("sms")).toBe(
            false,
          );
        // A group never gets a code, and nobody is let in by an empty configuration.
        if (decision.treatedAs === "group") expect(decision.kind).not.toBe("pairing");
        if (
          decision.kind === "dispatch" &&
          decision.treatedAs === "group" &&
          policy.groupPolicy === "allowlist"
        )
          expect(
            [
              written.allowFrom,
              written.groupAllowFrom,
              ...Object.values(written.groups ?? {}).map((one) => one.allowFrom),
            ]
              .flat()
              .filter(Boolean),
          ).not.toEqual([]);
        expect(decision.gates.length).toBeGreaterThan(0);
      }),
      runsOf(3000),
    );
  });
});
