// `node bench/markdown.mjs [name…]`: what the Markdown parser takes for texts that grow, in milliseconds of processor
// time, for about 2,000, 4,000 … 32,000 units. The bounds of src/outbound/markdown-bounds.ts come from it: a row whose
// numbers grow faster than the sizes is one that a bound has to stand before.
import { fork } from "node:child_process";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

const sizes = [2000, 4000, 8000, 16_000, 32_000];
/** A text that takes longer is given up, and larger ones of its kind are not tried, milliseconds. */
const limitMs = 60_000;

const repeated = (unit) => (n) => unit.repeat(n / unit.length);
const numbered = (unit) => (n) => {
  let text = "";
  for (let index = 0; text.length < n; index++) text += unit(index);
  return text;
};
const table = (columns, row) => (n) =>
  `${"|a".repeat(columns)}|\n${"|-".repeat(columns)}|\n${row.repeat((n - 4 * columns) / row.length)}`;

const texts = {
  "ordinary words": repeated("Some *words* here, and a [link](https://a.b).\n"),
  "ordinary paragraphs": repeated("Some *words* here, and `code`.\n\n"),
  "> without end": repeated(">"),
  "20 quotes a line": repeated(`${">".repeat(20)}a\n\n`),
  "- without end": (n) => `${"- ".repeat(n / 2)}a`,
  "10 lists a line": repeated(`${"- ".repeat(10)}a\n`),
  "lists that grow": numbered((index) => `${"  ".repeat(index)}- a\n`),
  "list items": repeated("- a\n"),
  "numbered items": (n) => `*a*\n\n${numbered((index) => `${index}. a\n`)(n)}`,
  "*a_": repeated("*a_ "),
  "*a then a*": (n) => "*a ".repeat(n / 6) + "a* ".repeat(n / 6),
  "*[a_": repeated("*[a_"),
  "[ then ]": (n) => `*a* ${"[".repeat(n / 2)}${"]".repeat(n / 2)}`,
  "]": (n) => `*a* ${"]".repeat(n)}`,
  "![ then ](b)": (n) => `${"![".repeat(n / 6)}a${"](b)".repeat(n / 6)}`,
  "[a][": repeated("[a]["),
  "backticks in pairs": repeated("`a``b"),
  "pipes below a line": (n) => `a\n${"|-".repeat(n / 2)}`,
  "table of 2 columns": table(2, "|a|b|\n"),
  "table of 20 columns, short rows": table(20, "|a\n"),
  "table of 300 columns, short rows": table(300, "|\n"),
  "headings underlined": repeated("a\n=\n"),
  "line feeds": (n) => `*a*${"\n".repeat(n)}`,
  "blank lines": (n) => `*a* ${"a\n\n".repeat(n / 3)}`,
  "footnotes in footnotes": (n) => `${"[^a]: ".repeat(n / 6)}b`,
  "tags never closed": repeated("<a b='"),
  entities: repeated("&amp;"),
  escapes: repeated("\\*"),
  addresses: repeated("a@b.c www.a.b "),
};

function parse(text) {
  fromMarkdown(text, {
    extensions: [gfm({ singleTilde: false })],
    mdastExtensions: [gfmFromMarkdown()],
  });
}

async function measure(name) {
  const child = fork(process.argv[1], ["--parse"]);
  const found = [];
  for (const size of sizes) {
    const ms = await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), limitMs);
      child.once("message", (took) => {
        clearTimeout(timer);
        resolve(took);
      });
      child.send({ name, size });
    });
    found.push(ms === undefined ? `>${limitMs}` : ms.toFixed(0));
    if (ms === undefined) break;
  }
  child.kill("SIGKILL");
  console.log(name.padEnd(34), ...found.map((ms) => ms.padStart(7)));
}

if (process.argv[2] === "--parse") {
  for (let round = 0; round < 40; round++)
    parse("*warm* [a](b) `c` <b>d</b>\n- a\n> b\n\n|a|b|\n|-|-|\n|c|d|\n");
  process.on("message", ({ name, size }) => {
    const text = texts[name](size);
    const before = process.cpuUsage();
    try {
      parse(text);
    } catch (error) {
      // Too deep for the stack: what it took until then is what it took.
      if (!(error instanceof RangeError)) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    process.send((user + system) / 1000);
  });
} else {
  const chosen = process.argv.slice(2);
  for (const name of chosen.length > 0 ? chosen : Object.keys(texts)) await measure(name);
}
