import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeFileName, splitName } from "./file-name.js";
import { fileTypeOf } from "./file-type.js";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("fileTypeOf", () => {
  it.each([
    ["\x89PNG\r\n\x1a\nrest", "image/jpeg", "image/png"],
    ["\xff\xd8\xff\xe0", "", "image/jpeg"],
    ["GIF89a", "", "image/gif"],
    ["RIFF\x10\0\0\0WEBPVP8 ", "", "image/webp"],
    ["RIFF\x10\0\0\0WAVEfmt ", "", "audio/wav"],
    ["\0\0\0\x1cftypheic", "image/jpeg", "image/heic"],
    ["\0\0\0\x1cftypmif1", "", "image/heic"],
    ["\0\0\0\x1cftypavif", "", "image/avif"],
    ["\0\0\0\x14ftypqt  ", "", "video/quicktime"],
    ["\0\0\0\x14ftypM4A ", "", "audio/mp4"],
    ["\0\0\0\x14ftypisom", "", "video/mp4"],
    ["\0\0\0\x1cftypmp42\0\0\0\0isomM4A mp42", "", "audio/mp4"],
    ["\0\0\0\x14ftypmp42\0\0\0\0isomM4A mp42", "", "video/mp4"],
    ["\0\0\0\x14ftypisom", "audio/x-m4a", "audio/mp4"],
    ["\0\0\0\x14ftyp3gp4", "audio/amr", "audio/3gpp"],
    ["\0\0\0\x14ftyp3gp4", "", "video/3gpp"],
    ["caff\0\x01", "", "audio/x-caf"],
    ["ID3\x03", "", "audio/mpeg"],
    ["\xff\xfb\x90", "", "audio/mpeg"],
    ["#!AMR\n", "", "audio/amr"],
    ["%PDF-1.4", "text/plain", "application/pdf"],
    ["BEGIN:VCARD\r\n", "", "text/vcard"],
    ["PK\x03\x04", "", "application/zip"],
    ["PK\x03\x04", "image/png", "application/zip"],
    ["PK\x03\x04", "application/vnd.apple.pages", "application/vnd.apple.pages"],
    ["plain words", "", "text/plain"],
    ["a,b\n1,2", "text/csv; charset=utf-8", "text/csv"],
    ["<svg/>", "image/svg+xml", "image/svg+xml"],
    ["<script>", "image/png", "text/plain"],
    ["\0\x01\x02", "image/png", "application/octet-stream"],
    ["\0\x01\x02", "text/plain", "application/octet-stream"],
    ["\0\x01\x02", "application/x-thing", "application/x-thing"],
    ["\0\x01\x02", "no type\r\nX: y", "application/octet-stream"],
    ["", "image/png", "application/octet-stream"],
    ["\xff\xfeh\0i\0", "", "application/octet-stream"],
  ])("tells %j, declared as %j, as %s", (start, declared, expected) => {
    expect(fileTypeOf(bytes(start), declared).mimeType).toBe(expected);
  });

  it("takes text that the end of the head cuts in the middle of a character", () => {
    const head = Buffer.from("ä".repeat(3000)).subarray(1, 4097).subarray(1);
    expect(fileTypeOf(Buffer.concat([Buffer.from("x"), head]), "").mimeType).toBe("text/plain");
  });

  it("answers with a plain type whatever it is given", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.string(), (head, declared) => {
        expect(fileTypeOf(head, declared).mimeType).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
      }),
    );
  });
});

describe("safeFileName", () => {
  it.each([
    ["IMG_2041.heic", "IMG_2041.heic"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\boot.ini", "boot.ini"],
    ["a\nb\r\0.jpg", "ab.jpg"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["", "file"],
    ["..", "file"],
    ["\udc00..", "file"],
    ["\udc00", "file"],
    ["/", "file"],
    [`${"x".repeat(200)}.png`, `${"x".repeat(96)}.png`],
    [`${"日".repeat(95)}.png`, `${"日".repeat(78)}.png`],
    [`${"日".repeat(80)}`, `${"日".repeat(80)}`],
    [`${"👍".repeat(60)}.png`, `${"👍".repeat(48)}.png`],
  ])("makes %j %j", (given, expected) => {
    expect(safeFileName(given)).toBe(expected);
  });

  it("never leaves a folder and never tells of more than one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).toMatch(/^[^/\\\u0000-\u001f\u2028\u2029]{1,100}$/u);
        expect([".", "..", ""]).not.toContain(safe);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(240);
      }),
    );
  });
});

it("splits a name from its ending", () => {
  expect(splitName("a.b.JPG")).toEqual({ stem: "a.b", ending: ".jpg" });
  expect(splitName(".hidden")).toEqual({ stem: ".hidden", ending: "" });
  expect(splitName("no. this is a sentence")).toEqual({ stem: "no. this is a sentence", ending: "" });
});
