import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { removeFolder } from "../../test/support/remove-folder.js";
import { err, ok, TapbackError } from "../platform/index.js";
import { decode, type GivenFile, readyFile } from "./files.js";
import { namedFiles } from "./named-files.js";

const root = mkdtempSync(join(tmpdir(), "tapback-action-files-"));
afterAll(() => removeFolder(root));
const note = join(root, "note.txt");
writeFileSync(note, "hello");
const wav = Buffer.concat([Buffer.from("RIFF\u0024\u0000\u0000\u0000WAVEfmt "), Buffer.alloc(32)]);

/** What is staged, with the name and the bytes that people will get; or the code of what refuses it. */
async function ready(given: GivenFile, asVoice = false) {
  const folder = mkdtempSync(join(root, "out-"));
  const done = await readyFile(
    given,
    {
      check: async (path) => (path === note ? ok(path) : err(new TapbackError("FILE_REFUSED", "elsewhere"))),
      given: new Map([["sha256:1/held.txt", { name: "held.txt", bytes: Buffer.from("held") }]]),
      folder,
      maxMb: 1,
    },
    asVoice,
  );
  const left = readdirSync(folder).length;
  return done.ok
    ? { name: basename(done.value), says: readFileSync(done.value, "utf8") }
    : { code: done.error.code, left };
}

it.each<[string, GivenFile, object]>([
  ["a path", { path: note }, { name: "note.txt", says: "hello" }],
  ["bytes", { buffer: "aGVsbG8=", filename: "a.txt" }, { name: "a.txt", says: "hello" }],
  [
    "bytes before a path",
    { buffer: "aGVsbG8=", filename: "a.txt", path: "/x" },
    { name: "a.txt", says: "hello" },
  ],
  ["what came with the request", { path: "sha256:1/held.txt" }, { name: "held.txt", says: "held" }],
  ["a path that may not be sent", { path: "/etc/passwd" }, { code: "FILE_REFUSED", left: 0 }],
  ["what did not come with it", { path: "sha256:2/held.txt" }, { code: "FILE_REFUSED", left: 0 }],
  ["bytes that are none", { buffer: "not base64!" }, { code: "ACTION_PARAMETERS", left: 0 }],
  ["nothing", {}, { code: "ACTION_PARAMETERS", left: 0 }],
  [
    "too much",
    { buffer: Buffer.alloc(1024 * 1024 + 1).toString("base64") },
    { code: "FILE_TOO_LARGE", left: 0 },
  ],
])("makes a file ready from %s", async (_, given, wanted) => {
  expect(await ready(given)).toEqual(wanted);
});

it("takes a recording alone for a voice message, and keeps no copy of another file", async () => {
  const buffer = wav.toString("base64");
  expect(await ready({ buffer, filename: "a.wav" }, true)).toMatchObject({ name: "a.wav" });
  expect(await ready({ path: note }, true)).toEqual({ code: "FILE_NOT_AUDIO", left: 0 });
  expect(existsSync(note)).toBe(true);
});

it.each([
  ["aGVsbG8=", "hello"],
  ["data:text/plain;base64,aGVs\n bG8=", "hello"],
  ["-_-_", Buffer.from("fbffbf", "hex").toString()],
  ["", undefined],
  ["data:text/plain;base64,", undefined],
  ["a=b", undefined],
  ["aGVsbG8===", undefined],
])("reads base64: %j", (text, wanted) => {
  expect(decode(text)?.toString()).toBe(wanted);
});

it.each<[string, Record<string, unknown>, object]>([
  ["send", { text: "a", media: ["/1", "/2"] }, { paths: ["/1", "/2"] }],
  ["send", { text: "/not/a/path" }, { paths: [] }],
  ["sendAttachment", { media: "/1", text: "a" }, { paths: ["/1"] }],
  ["upload-file", { buffer: "aGVsbG8=" }, { paths: [], bytes: Buffer.from("hello") }],
  ["upload-file", { buffer: "!" }, { paths: [] }],
  ["upload-file", { text: "no file" }, { paths: [] }],
  // What is wrong is refused where it is done.
  ["upload-file", { path: "/1", colour: "red" }, { paths: [] }],
  ["explode", { path: "/1" }, { paths: [] }],
])("finds the files that %s names in %j", (action, parameters, wanted) => {
  expect(namedFiles(action, parameters)).toEqual(wanted);
});
