import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import { handleKind, isNationalNumber, normalizeHandle } from "./handle.js";

describe("normalizeHandle", () => {
  it.each([
    // numbers in full
    ["+15550100123", "US", "+15550100123"],
    ["+1 (555) 010-0123", "US", "+15550100123"],
    ["+1.555.010.0123", "DE", "+15550100123"],
    ["+1\u2011555\u2013010\u22120123", "US", "+15550100123"],
    ["\u202a+1\u00a0555\u202f010\u20090123\u202c", "US", "+15550100123"],
    ["\u2068+15550100123\u2069", "US", "+15550100123"],
    ["+1\u200b5550100123", "US", "+15550100123"],
    ["+44 (0)20 7946 0018", "US", "+442079460018"],
    ["+44 ( 0 ) 20 7946 0018", "US", "+442079460018"],
    ["0044 20 7946 0018", "US", "+442079460018"],
    ["00 44 (0)20 7946 0018", "DE", "+442079460018"],
    ["011 44 20 7946 0018", "US", "+442079460018"],
    // numbers in a region
    ["(415) 555-0123", "US", "+14155550123"],
    ["1-415-555-0123", "US", "+14155550123"],
    ["4155550123", "us", "+14155550123"],
    ["020 7946 0018", "GB", "+442079460018"],
    ["0176 12345678", "DE", "+4917612345678"],
    ["06 12 34 56 78", "FR", "+33612345678"],
    ["090-1234-5678", "JP", "+819012345678"],
    // a character at which a database may end a text
    ["mia@example.com\0x", "US", "mia@example.com\ufffdx"],
    ["+15550100123\0", "US", "+15550100123\ufffd"],
    // services in front
    ["imessage:+15550100123", "US", "+15550100123"],
    ["SMS: (415) 555-0123", "US", "+14155550123"],
    ["auto:imessage:tel:+1-555-010-0123", "US", "+15550100123"],
    ["mailto:Mia@Example.com", "US", "mia@example.com"],
    // addresses
    [" Mia.Wong@Example.COM ", "US", "mia.wong@example.com"],
    ["imessage:MIA@example.com", "US", "mia@example.com"],
    ["\u2068mia@example.com\u2069", "US", "mia@example.com"],
    // short codes and names
    ["24273", "US", "24273"],
    ["sms:24-273", "US", "24273"],
    ["911", "US", "911"],
    ["AMZN", "US", "amzn"],
    ["My Bank", "US", "my bank"],
    ["urn:biz:5D1B7A3F-1001", "US", "urn:biz:5d1b7a3f-1001"],
    // what is no whole number stays as it is
    ["5551234", "US", "5551234"],
    ["4155550123", "XX", "4155550123"],
    ["1-800-FLOWERS", "US", "1-800-flowers"],
    ["12", "US", "12"],
    ["", "US", ""],
    ["imessage:", "US", ""],
    ["+", "US", "+"],
  ])("reads %j in %s as %j", (raw, region, normal) => {
    expect(normalizeHandle(raw, region)).toBe(normal);
  });

  it("keeps addresses apart that only look alike", () => {
    expect(normalizeHandle("mia\u200b@example.com")).not.toBe("mia@example.com");
    expect(normalizeHandle("miа@example.com")).not.toBe("mia@example.com");
  });

  it.each([
    "\u212aim@example.com",
    "kim@ſample.com",
    "KİM@example.com",
    "ｋｉｍ@example.com",
    "É@example.com",
  ])("folds nothing beyond ASCII in %j", (address) => {
    expect(normalizeHandle(address)).toBe(address.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
    expect(normalizeHandle(`imessage:${address}`)).toBe(normalizeHandle(address));
  });

  it.each([
    "\u212aIM",
    "＋１５５５０１００１２３",
    "+1555010012３",
    "+١٥٥٥٠١٠٠١٢٣",
    "２４２７３",
    "２-４２７３",
    "4155550١23",
  ])("makes nobody else's number or name of %j", (sender) => {
    expect(normalizeHandle(sender, "US")).toBe(sender.replace("IM", "im"));
    expect(isNationalNumber(sender)).toBe(false);
  });

  it("is total, and gives the same form again", () => {
    const pieces = fc.constantFrom(
      "+",
      "1",
      "555",
      "0",
      "(0)",
      " ",
      "-",
      "imessage:",
      "@",
      "a",
      "\u202a",
      "é",
      "00",
      "x",
    );
    const typed = fc.oneof(
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.array(pieces).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(typed, fc.constantFrom("US", "DE", "GB"), (raw, region) => {
        const normal = normalizeHandle(raw, region);
        expect(normalizeHandle(normal, region)).toBe(normal);
      }),
      runsOf(3000),
    );
  });
});

describe("handleKind", () => {
  it.each([
    ["+15550100123", "phone"],
    ["mia@example.com", "email"],
    ["24273", "short-code"],
    ["amzn", "short-code"],
    ["my bank", "short-code"],
    ["at&t", "short-code"],
    ["1-800-flowers", "short-code"],
    ["urn:biz:5d1b7a3f", "other"],
    ["5551234", "other"],
    ["chat_id:5", "other"],
    ["", "other"],
  ])("%j is %s", (normal, kind) => {
    expect(handleKind(normal)).toBe(kind);
  });
});
