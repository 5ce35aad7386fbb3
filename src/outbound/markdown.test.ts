import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../test/support/property-runs.js";
import type { TextStyle } from "../conversation/index.js";
import { type Rendered, renderMarkdown } from "./markdown.js";

const text = (markdown: string) => renderMarkdown(markdown).text;

/** The runs as the words that they cover. */
function styled(markdown: string): string[] {
  const rendered = renderMarkdown(markdown, { styled: true });
  return rendered.runs.map((run) => `${run.styles.join("+")}: ${covered(rendered, run)}`);
}

function covered({ text: whole }: Rendered, { start, length }: { start: number; length: number }): string {
  return whole.slice(start, start + length);
}

describe("renderMarkdown", () => {
  it.each([
    ["emphasis", "a *b* **c** ***d*** _e_ __f g__ ~~h~~ `i`", "a b c d e f g h i"],
    [
      "tags that are none of ours",
      "a <constructor>b</constructor> <valueof>",
      "a <constructor>b</constructor> <valueof>",
    ],
    ["headings", "# Title\nText\n\n## Part ##\n\nUnder\n=====", "Title\nText\n\nPart\n\nUnder"],
    ["a list", "- one\n- two\n\n  more\n* three", "• one\n• two\n\n  more\n• three"],
    [
      "nested lists",
      "1. one\n   - a\n   - b\n     1. deep\n2. two",
      "1. one\n   • a\n   • b\n     1. deep\n2. two",
    ],
    ["a list that starts at 3", "Do:\n\n3) three\n4) four", "Do:\n\n3. three\n4. four"],
    ["a list that counts down", "**Top**\n\n3. c\n2. b\n1. a", "Top\n\n3. c\n2. b\n1. a"],
    ["a list of ones", "*All* of it:\n\n1. a\n1. b\n\n1. c", "All of it:\n\n1. a\n1. b\n\n1. c"],
    [
      "numbers in lists and quotes",
      "- a\n  7. b\n  5. c\n\n> 9) d\n> 4) e",
      "• a\n  7. b\n  5. c\n\n│ 9. d\n│ 4. e",
    ],
    ["numbered tasks", "10. [x] a\n08. [ ] b", "10. ☑ a\n08. ☐ b"],
    ["tasks", "- [ ] open\n- [x] done", "☐ open\n☑ done"],
    ["a link", "See [the docs](https://a.example/x).", "See the docs (https://a.example/x)."],
    [
      "a link that is its own text",
      "<https://a.example> and [a.example](https://a.example/) www.b.example",
      "https://a.example and a.example www.b.example",
    ],
    [
      "a mail address",
      "[Mia](mailto:mia@example.com) <sam@example.com>",
      "Mia (mailto:mia@example.com) sam@example.com",
    ],
    [
      "a reference",
      "[docs][1] and [more]\n\n[1]: https://a.example\n[more]: https://b.example\n[unused]: https://c.example",
      "docs (https://a.example) and more (https://b.example)\n\nunused: https://c.example",
    ],
    [
      "a footnote that is called as a link is",
      "[docs][1] and[^1]\n\n[1]: https://a.example\n\n[^1]: A note",
      "docs (https://a.example) and[1]\n\n[1] A note",
    ],
    ["marks behind a letter", "a*b* c, a**b** c", "a*b* c, ab c"],
    ["an image", "![A cat](https://a.example/c.png)", "A cat (https://a.example/c.png)"],
    ["two columns", "| Name | Age |\n| --- | --: |\n| Mia | 30 |\n| Sam | |", "Name: Age\nMia: 30\nSam: "],
    [
      "many columns",
      "|Name|Age|City|\n|-|-|-|\n|Mia|30|Bonn|\n|Sam||Ulm|",
      "Name: Mia\nAge: 30\nCity: Bonn\n\nName: Sam\nAge: –\nCity: Ulm",
    ],
    ["code", "Run:\n\n```sh\nnpm **i**\n\n  # x\n```\n\nDone", "Run:\n\nnpm **i**\n\n  # x\n\nDone"],
    ["a quote", "> one\n> two\n>\n> - three", "│ one\n│ two\n│\n│ • three"],
    ["a rule", "a\n\n---\n\nb", "a\n\n———\n\nb"],
    ["entities and escapes", "a &amp; b \\*c\\* &lt;d&gt;", "a & b *c* <d>"],
    ["line breaks", "one  \ntwo\\\nthree<br>four\nfive", "one\ntwo\nthree\nfour\nfive"],
    ["tags that have a style", "<b>a</b> <u>b</u> <del>c</del>", "a b c"],
    [
      "tags that are text",
      "a Vec<String> and <details>x</details> <!-- y -->",
      "a Vec<String> and <details>x</details> <!-- y -->",
    ],
    ["a footnote", "So[^1].\n\n[^1]: Because.", "So[1].\n\n[1] Because."],
    ["carriage returns", "a\r\n- b\r\n", "a\n• b"],
  ])("writes %s", (_, markdown, expected) => {
    expect(text(markdown)).toBe(expected);
  });

  it.each([
    "2*3*4 = 24",
    "2**3**4",
    "snake_case_name and other_name_",
    "5 * 3 * 2",
    "f(*args, **kwargs)",
    "see __init__.py and obj.__dict__",
    "~5 to ~10, in ~/bin",
    "a < b and b > c",
    "C# and #hashtag",
    "a | b",
    "R&D, AT&T",
    "https://a.example/some_path/with_underscores_?x=1&y=2",
    "1. one\n2. two",
    "  indented\n\n\n  more",
    "[citation needed]",
    "-1 and +1",
    "",
  ])("leaves %j as it is", (plain) => {
    expect(renderMarkdown(plain, { styled: true })).toMatchObject({ text: plain, runs: [] });
  });

  it("keeps styles as runs, with offsets in UTF-16 units", () => {
    expect(styled("👍🏽 **fett 👨‍👩‍👧** *שלום* ~~e\u0301a~~ <u>x</u>")).toEqual([
      "bold: fett 👨‍👩‍👧",
      "italic: שלום",
      "strikethrough: e\u0301a",
      "underline: x",
    ]);
    expect(styled("***both* bold** plain")).toEqual(["bold+italic: both", "bold:  bold"]);
    expect(styled("# Title\n\n- **a** `*b*`")).toEqual(["bold: Title", "bold: a"]);
    expect(styled("这是**重点**内容")).toEqual(["bold: 重点"]);
    expect(styled("> **a\n> b**")).toEqual(["bold: a", "bold: b"]);
    expect(styled("<B>a</B> <Strong>b</strong> <S>c</s>")).toEqual([
      "bold: a",
      "bold: b",
      "strikethrough: c",
    ]);
    expect(text("a<BR>b<br/>c")).toBe("a\nb\nc");
    expect(styled("<b>never closed\n\nnext")).toEqual(["bold: never closed"]);
  });

  it("gives no runs unless they are asked for", () => {
    expect(renderMarkdown("**a**").runs).toEqual([]);
  });

  it("survives what exhausts a parser", () => {
    expect(text(`${">".repeat(1500)} word`)).toContain("word");
    expect(text(`${"*a ".repeat(2000)}`)).toContain("a");
    expect(text(`${"[".repeat(2000)}x`)).toContain("x");
  });

  it("is total", () => {
    // Without what hides text on purpose: languages of code blocks, targets that equal their link.
    const marks = [
      "*",
      "_",
      "**",
      "~~b",
      "`b`",
      "#",
      "-",
      "\n",
      " ",
      "|",
      "[",
      "]",
      "(",
      ">",
      "<b>",
      "a",
      "👍",
      "1.",
      "\\",
      "&amp;",
    ];
    const soup = fc.string({ unit: fc.constantFrom(...marks), maxLength: 60 });
    fc.assert(
      fc.property(soup, (markdown) => {
        const rendered = renderMarkdown(markdown, { styled: true });
        const letters = (whole: string) => whole.replace(/&amp;|<\/?b>/g, "").replace(/[^a👍]/gu, "");
        expect(letters(rendered.text)).toBe(letters(markdown));
        for (const { start, length } of rendered.runs) {
          expect(length).toBeGreaterThan(0);
          expect(start + length).toBeLessThanOrEqual(rendered.text.length);
        }
      }),
      runsOf(500),
    );
  });
});

/** A word of a document, in the styles that it is written in. */
interface Word {
  word: string;
  styles: TextStyle[];
}

const markers: Record<TextStyle, [string, string]> = {
  bold: ["**", "**"],
  italic: ["*", "*"],
  strikethrough: ["~~", "~~"],
  underline: ["<u>", "</u>"],
};

const words = fc.constantFrom(
  "word",
  "👍🏽",
  "👨‍👩‍👧‍👦",
  "שלום",
  "مرحبا",
  "e\u0301te\u0301",
  "日本語",
  "🇩🇪",
  "naïve",
  "Zwölf",
);
const styles = fc.constantFrom<TextStyle[]>(
  [],
  [],
  ["bold"],
  ["italic"],
  ["strikethrough"],
  ["underline"],
  ["bold", "strikethrough"],
  ["bold", "italic"],
);
const phrase = fc.array(fc.record({ word: words, styles }), { minLength: 1, maxLength: 4 });

const write = (all: Word[]) =>
  all
    .map(({ word, styles: in_ }) =>
      in_.reduce((inner, style) => markers[style][0] + inner + markers[style][1], word),
    )
    .join(" ");

const blocks: Record<string, (all: Word[]) => { markdown: string; words: Word[] }> = {
  paragraph: (all) => ({ markdown: write(all), words: all }),
  heading: (all) => ({
    markdown: `## ${write(all)}`,
    words: all.map(({ word, styles: in_ }) => ({ word, styles: [...new Set<TextStyle>([...in_, "bold"])] })),
  }),
  list: (all) => ({ markdown: all.map((one) => `- ${write([one])}`).join("\n"), words: all }),
  numbered: (all) => ({
    markdown: all.map((one, index) => `${index + 1}. ${write([one])}`).join("\n"),
    words: all,
  }),
  nested: (all) => ({
    markdown: all.map((one, depth) => `${"  ".repeat(depth)}- ${write([one])}`).join("\n"),
    words: all,
  }),
  quote: (all) => ({ markdown: `> ${write(all)}`, words: all }),
  link: (all) => ({ markdown: `[${write(all)}](https://a.example)`, words: all }),
  code: (all) => {
    const bare = all.map(({ word }) => ({ word, styles: [] }));
    return { markdown: `\`\`\`txt\n${write(bare)}\n\`\`\``, words: bare };
  },
};

describe("a rendered document", () => {
  const documents = fc.array(fc.tuple(fc.constantFrom(...Object.keys(blocks)), phrase), {
    minLength: 1,
    maxLength: 6,
  });

  it("has no marker left, has lost no word, and its runs cover exactly the words of that style", () => {
    fc.assert(
      fc.property(documents, (plan) => {
        const parts = plan.map(([name, all]) => blocks[name]!(all));
        const rendered = renderMarkdown(parts.map(({ markdown }) => markdown).join("\n\n"), { styled: true });
        expect(rendered.text).not.toMatch(/[*_~`#<]|\]\(/);
        let at = 0;
        const written = parts.flatMap((part) => part.words);
        // What is shown of each word, in the order of the document: the word, and the styles of the run that holds it.
        const shown = written.map(({ word }) => {
          const start = rendered.text.indexOf(word, at);
          if (start === -1) return { word: "", styles: [] };
          at = start + word.length;
          const run = rendered.runs.find((one) => one.start <= start && at <= one.start + one.length);
          return { word, styles: run?.styles ?? [] };
        });
        expect(shown).toEqual(written.map(({ word, styles: in_ }) => ({ word, styles: [...in_].sort() })));
      }),
      runsOf(1000),
    );
  });
});
