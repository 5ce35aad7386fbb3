import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAttributedBody, encodeAttributedBody } from "./typedstream.js";

const hex = (text: string) => Buffer.from(encodeAttributedBody(text)).toString("hex");

describe("attributedBody", () => {
  it("equals the worked example of protocol reference 8.4 byte for byte", () => {
    const example = `
      040b73747265616d747970656481e80384014084848412
      4e5341747472696275746564537472696e67008484084e534f626a656374008592
      848484084e53537472696e67019484012b
      08 48c3a920f09f8e89
      8684026949 01 05
      928484840c4e5344696374696f6e617279009484016901
      928496961d5f5f6b494d4d657373616765506172744174747269627574654e616d6586
      92848484084e534e756d6265720084840 74e5356616c7565009484012a84999900
      868686`;
    expect(hex("Hé 🎉")).toBe(example.replace(/\s/g, ""));
  });

  it("writes lengths in one, three and five bytes", () => {
    expect(hex("x".repeat(127))).toContain(`84012b7f${"78".repeat(127)}`);
    expect(hex("x".repeat(200))).toContain("84012b81c80078");
    expect(hex("x".repeat(200))).toContain("868402694901" + "81c800");
    expect(hex("x".repeat(40_000))).toContain("84012b82409c000078");
  });

  it("writes stretches the way it writes a plain text", () => {
    for (const text of ["Hé 🎉", "x".repeat(200), "x".repeat(40_000)])
      expect(
        Buffer.from(encodeAttributedBody(text, [{ length: text.length, part: 0 }])).toString("hex"),
      ).toBe(hex(text));
  });

  it("marks files and names, and still leads with the whole text", () => {
    const text = "\ufffcAsk Sam";
    const runs = [
      { length: 1, part: 0, file: "at_0_A" },
      { length: 4, part: 1 },
      { length: 3, part: 1, mention: "+15550100456" },
    ];
    const blob = encodeAttributedBody(text, runs);
    expect(decodeAttributedBody(blob)).toBe(text);
    for (const held of [
      "__kIMFileTransferGUIDAttributeName",
      "at_0_A",
      "__kIMMentionConfirmedMention",
      "+15550100456",
    ])
      expect(Buffer.from(blob).includes(held), held).toBe(true);
    // The bytes that introduce a text come once, so that readers that search for them find the right one.
    expect(Buffer.from(blob).toString("hex").split("84012b")).toHaveLength(2);
  });

  it("reads every text back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 500 }), fc.nat(100), (text, times) => {
        const long = text.repeat(times);
        expect(decodeAttributedBody(encodeAttributedBody(long))).toBe(long);
      }),
      { numRuns: 100 },
    );
  });

  it("finds no text where there is none", () => {
    expect(decodeAttributedBody(Buffer.from("bplist00"))).toBeUndefined();
    expect(decodeAttributedBody(encodeAttributedBody("cut off").subarray(0, 75))).toBeUndefined();
  });
});
