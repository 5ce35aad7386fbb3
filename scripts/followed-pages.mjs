import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "..");
const folders = ["docs/zh"];

/** @returns the pages that follow another one, absolute */
export function translatedPages() {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(root, folder, name)),
  );
}

/** In the place of a hash: the section is not translated, but leads to the original. */
const notTranslated = "--------";

/** The mark of a page: what it follows, and for each section there the hash of what was translated. */
const markPattern = /^<!-- follows (\S+)\n([\s\S]*?)-->\n/;

/** @returns the page with the marks of today's original @throws when it does not name one that exists */
export function marked(path, text) {
  const mark = markPattern.exec(text);
  if (mark === null) throw new Error(`${relative(root, path)} does not begin with <!-- follows PAGE`);
  const known = knownIn(mark[2]);
  const original = sections(readFileSync(join(dirname(path), mark[1]), "utf8"));
  const lines = original.map(
    ({ hash, name }) => `${known.get(name) === notTranslated ? notTranslated : hash} ${name}\n`,
  );
  return text.replace(markPattern, () => `<!-- follows ${mark[1]}\n${lines.join("")}-->\n`);
}

/** @returns sentences on what is wrong between a page and its original, empty when it follows */
export function fallenBehind(path, text, original) {
  const mark = markPattern.exec(text);
  const name = relative(root, path);
  if (mark === null)
    return [`${name} does not begin with <!-- follows PAGE and the sections that it follows`];
  const known = knownIn(mark[2]);
  const now = sections(original);
  const remedy = "translate what changed, then run `npm run translations`";
  const changed = now.filter(({ name, hash }) => ![hash, notTranslated].includes(known.get(name)));
  const own = sections(text.replace(markPattern, ""));
  return [
    ...changed.map((section) => `${name}: “${section.name}” of the original changed: ${remedy}`),
    ...(own.length === now.length
      ? now.flatMap((section, index) => blockFaults(name, section, own[index]))
      : [`${name} has ${own.length} sections, the original ${now.length}: ${remedy}`]),
  ];
}

function knownIn(marks) {
  return new Map(marks.split("\n").map((line) => [line.slice(9), line.slice(0, 8)]));
}

/** Commands and settings are the same in every language; comments and pictures of terminals may be translated. */
function blockFaults(name, original, own) {
  const [wanted, there] = [original, own].map(({ body }) =>
    [...body.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, lang, code]) =>
      ["sh", "bash", "json5"].includes(lang) ? `${lang}\n${withoutComments(code)}` : lang,
    ),
  );
  return JSON.stringify(wanted) === JSON.stringify(there)
    ? []
    : [`${name}: the code blocks of “${own.name}” are not those of “${original.name}”`];
}

function withoutComments(code) {
  return code
    .split("\n")
    .map((line) => line.replace(/(^|\s)(#|\/\/) .*$/, "").trimEnd())
    .join("\n");
}

/** The parts of a page, each from one heading of the first or second level to the next. */
function sections(text) {
  const parts = [{ name: "(top)", lines: [] }];
  let isCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) isCode = !isCode;
    const heading = isCode ? null : /^##? (.+)$/.exec(line);
    if (heading) parts.push({ name: heading[1], lines: [] });
    else parts.at(-1).lines.push(line);
  }
  return parts
    .map(({ name, lines }) => ({ name, body: lines.join("\n").trim() }))
    .filter(({ name, body }) => name !== "(top)" || body !== "")
    .map(({ name, body }) => ({ name, body: `${body}\n`, hash: hashOf(body) }));
}

/** Line breaks inside of a paragraph are nobody's concern. */
function hashOf(body) {
  return createHash("sha256").update(body.replace(/\s+/g, " ")).digest("hex").slice(0, 8);
}
