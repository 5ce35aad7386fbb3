import { expect, it } from "vitest";
import { StandIns } from "./stand-ins.js";

const standIns = new StandIns(new Uint8Array(32));

it.each([
  [
    "/Users/maria.schmidt/a.b/IMG_1.HEIC",
    /^\/[a-z]{5}\/[a-z]{5}\.[a-z]{7}\/[a-z]\.[a-z]\/[A-Z]{3}_\d\.HEIC$/i,
  ],
  ["/Users/maria.schmidt", /^\/[A-Za-z]{5}\/[a-z]{5}\.[a-z]{7}$/i],
  // A name may look like the ending of a file.
  ["/Users/anna.mov", /^\/\w{5}\/[a-z]{4}\.(?!mov)[a-z]{3}$/i],
  ["/x/Nr. 17 Maria Schmidt", /^\/[a-z]\/[A-Z][a-z]\. \d\d [A-Z][a-z]{4} [A-Z][a-z]{6}$/i],
  ["/x/Vertrag.Maria Schmidt.pdf", /^\/[a-z]\/\w{7}\.\w{5} \w{7}\.pdf$/i],
  ["~/Library/Messages/chat.db", /^~\/\w{7}\/\w{8}\/\w{4}\.db$/i],
])("keeps of a path its shape and the ending of a file alone: %s", (path, shape) => {
  const found = standIns.path(path);
  expect(found).toMatch(shape);
  expect(found).not.toMatch(/maria|schmidt|anna|vertrag|17/i);
  // The same one by the same.
  expect(standIns.path(path)).toBe(found);
});

it.each([
  "cannot open /Users/maria.schmidt",
  "cannot open /Users/maria.schmidt/Maria.Schmidt/file",
  "cannot open ~/maria.schmidt",
  "cannot open '/Users/maria.schmidt/Library/x.db'",
])("names nobody in a sentence: %s", (sentence) => {
  const found = standIns.sentence(sentence);
  expect(found).toMatch(/^cannot open /);
  expect(found).not.toMatch(/maria|schmidt/i);
});

it("leaves what is no path in a sentence", () => {
  for (const sentence of ["Use /approve or 1/2.", "imsg 0.19.1 answers", "and/or ~5 s"])
    expect(standIns.sentence(sentence)).toBe(sentence);
});

it("keeps of a folder nothing behind a dot", () => {
  expect(standIns.folder("/Users/anna/pictures.mov/")).toMatch(/^\/\w{5}\/\w{4}\/\w{8}\.(?!mov)\w{3}\/$/);
});

it.each([
  [
    "lets no name of a machine without a dot stand behind a login",
    "mia@macmini lets us in",
    /^[a-z]{3}@[a-z]{7} lets us in$/,
  ],
  [
    "finds an address in letters of its own",
    "no zoë@example.com here",
    /^no [a-z]{3}@[a-z]{7}\.[a-z]{3} here$/,
  ],
])("%s", (_, sentence, shape) => {
  expect(standIns.sentence(sentence)).toMatch(shape);
});

it("gives an address of digits one stand-in, wherever it stands", () => {
  const address = "123456789@qq.com";
  const standIn = standIns.handle(address);
  expect(standIns.sentence(`iMessage;-;${address}`)).toBe(`iMessage;-;${standIn}`);
  expect(standIns.sentence(`no answer from ${address}, 5 times`)).toBe(`no answer from ${standIn}, 5 times`);
});

it("finds what it was told of in a sentence, as whole words", () => {
  const known = ["/Volumes/Mia Jones/chat.db", "/Volumes/Mia Jones", "macmini", "mia@macmini"];
  const own = new StandIns(new Uint8Array(32), known);
  const database = own.path("/Volumes/Mia Jones/chat.db");
  expect(own.sentence("cannot open /Volumes/Mia Jones/chat.db: denied")).toBe(
    `cannot open ${database}: denied`,
  );
  expect(own.sentence("no /Volumes/Mia Jones/a.b/c here")).toMatch(
    /^no \/\w{7}\/\w{3} \w{5}\/\w\.\w\/\w here$/,
  );
  expect(own.sentence("mia@macmini lets us in, macmini too")).toBe(
    `${own.handle("mia@macmini")} lets us in, ${own.handle("macmini")} too`,
  );
  expect(own.sentence("macminis and a [macmini]")).toBe(`macminis and a [${own.handle("macmini")}]`);
});
