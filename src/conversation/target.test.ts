import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTarget, parseTarget } from "./target.js";

describe("parseTarget", () => {
  it.each([
    ["chat_id:123", { kind: "chat_id", chatId: 123 }],
    [" CHAT_ID: 123 ", { kind: "chat_id", chatId: 123 }],
    ["imessage:chat_id:123", { kind: "chat_id", chatId: 123 }],
    ["chat_guid:iMessage;+;chat640088", { kind: "chat_guid", guid: "iMessage;+;chat640088" }],
    ["chat_identifier:chat640088", { kind: "chat_identifier", identifier: "chat640088" }],
    ["imessage:+15550100123", { kind: "handle", handle: "+15550100123", service: "imessage" }],
    ["SMS:(415) 555-0123", { kind: "handle", handle: "+14155550123", service: "sms" }],
    ["auto:mia@Example.com", { kind: "handle", handle: "mia@example.com", service: "auto" }],
    ["tel:+15550100123", { kind: "handle", handle: "+15550100123", service: "auto" }],
    ["tel:sms:+15550100123", { kind: "handle", handle: "+15550100123", service: "sms" }],
    ["+1 555 010 0123", { kind: "handle", handle: "+15550100123", service: "auto" }],
    ["mia@example.com", { kind: "handle", handle: "mia@example.com", service: "auto" }],
    ["24273", { kind: "handle", handle: "24273", service: "auto" }],
  ])("reads %j", (text, target) => {
    expect(parseTarget(text)).toEqual({ ok: true, value: target });
  });

  it.each([
    ["Mia", "bare name"],
    ["Mia Wong", "bare name"],
    ["", "empty"],
    ["imessage:", "empty"],
    ["chat_id:", "whole number"],
    ["chat_id:0", "whole number"],
    ["chat_id:-4", "whole number"],
    ["chat_id:1e3", "whole number"],
    ["chat_id:99999999999999999999", "whole number"],
    ["chat_guid: ", "GUID is missing"],
    ["chat_identifier:", "identifier is missing"],
    ["@example.com", "bare name"],
    ["mia@", "bare name"],
    ["mia @example.com", "bare name"],
    ["5551234", "bare name"],
    ["whatsapp:+15550100123", "bare name"],
    ["+12", "bare name"],
  ])("refuses %j", (text, why) => {
    const result = parseTarget(text);
    expect(result).toMatchObject({ ok: false, error: { code: "TARGET_INVALID" } });
    if (!result.ok) expect(result.error.message).toContain(why);
  });

  it("reads back what formatTarget writes", () => {
    const handle = fc.constantFrom("+15550100123", "mia@example.com", "24273");
    const target = fc.oneof(
      fc.record({ kind: fc.constant("chat_id" as const), chatId: fc.integer({ min: 1 }) }),
      fc.record({
        kind: fc.constant("chat_guid" as const),
        guid: fc.constantFrom("any;-;+15550100123", "iMessage;+;c1"),
      }),
      fc.record({
        kind: fc.constant("chat_identifier" as const),
        identifier: fc.constantFrom("chat640088", "0a1b"),
      }),
      fc.record({
        kind: fc.constant("handle" as const),
        handle,
        service: fc.constantFrom("auto" as const, "sms" as const, "imessage" as const),
      }),
    );
    fc.assert(
      fc.property(target, (value) => {
        expect(parseTarget(formatTarget(value))).toEqual({ ok: true, value });
      }),
    );
  });
});
