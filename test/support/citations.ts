/** A part of the norm that a text names: "behaviour 9.3" or, with an item, "protocol reference 3.4, item 12". */
export interface Citation {
  document: "behaviour" | "protocol";
  /** As it is numbered there, e.g. `9.3`, `6.5a` or `12`. */
  section: string;
  /** The number of a list's item or of a table's row in that section. */
  item?: string;
  /** Counted from 1. */
  line: number;
}

/** The sections that a document of the norm has, each with the numbers of its items and rows. */
export type Sections = Map<string, Set<string>>;

/** White space, which may hold the start of the next line of a comment. */
const gap = String.raw`(?:[ \t]|\r?\n[ \t]*(?:\*(?!/)|//|#|>)?)+`;
const number = String.raw`\d+(?:\.\d+)*[a-z]?(?![\w])`;
const numbers = String.raw`\d+(?:(?:,|${gap}(?:and|to))${gap}\d+(?![\w.]))*`;
/** One section, with the word in code font that may follow it and the items that it names. */
const referenceOf = (section: string, items: string) =>
  String.raw`${section}(?:${gap}\x60[^\x60\n]+\x60)?(?:,?${gap}(?:items?|rows?)${gap}${items})?`;
const reference = referenceOf(number, numbers);
const list = `${reference}(?:(?:,|${gap}(?:and|to))${gap}${reference})*`;
const one = new RegExp(referenceOf(`(${number})`, `(${numbers})`), "gi");
const cited = new RegExp(
  String.raw`\b(behaviour|protocol${gap}reference)${gap}(?:sections?${gap})?(${list})`,
  "gi",
);
/** How a document of the norm names its own sections: "section 12", "sections 9 and 10.1", "(6.3)"; "(0.15)" is a version. */
const named = new RegExp(
  String.raw`\bsections?${gap}(${list})|\(((?!0\.)\d+\.\d+[a-z]?(?:,${gap}\d+\.\d+[a-z]?)*)\)`,
  "gi",
);

const lineAt = (text: string, offset: number) => text.slice(0, offset).split("\n").length;

function citationsOf(document: Citation["document"], listed: string, line: number): Citation[] {
  return [...listed.matchAll(one)].flatMap((match) => {
    const [, section, listedItems] = match;
    const at = { document, section: section!, line: line + lineAt(listed, match.index) - 1 };
    return listedItems?.match(/\d+/g)?.map((item) => ({ ...at, item })) ?? [at];
  });
}

/** Finds the citations of the norm in a source file or a document, also where a line breaks within one. */
export function findCitations(text: string): Citation[] {
  return [...text.matchAll(cited)].flatMap((match) => {
    const document = match[1]!.toLowerCase() === "behaviour" ? "behaviour" : "protocol";
    const start = match.index + match[0].length - match[2]!.length;
    return citationsOf(document, match[2]!, lineAt(text, start));
  });
}

/** Finds what a document of the norm names of itself. @param text the document */
export function findOwnReferences(document: Citation["document"], text: string): Citation[] {
  return [...text.matchAll(named)].flatMap((match) => {
    const listed = match[1] ?? match[2]!;
    return citationsOf(document, listed, lineAt(text, match.index + match[0].indexOf(listed)));
  });
}

/** Reads the sections of a document: its numbered headings, and its paragraphs that begin with a bold number. */
export function sectionsOf(text: string): Sections {
  const sections: Sections = new Map();
  let current = new Set<string>();
  for (const line of text.split("\n")) {
    const section = /^(?:#{2,3} (\d+(?:\.\d+)?[a-z]?)\.? |\*\*(\d+\.\d+[a-z]?)\*\* )/.exec(line);
    const item = /^(?:(\d+)\. |\| (\d+) \|)/.exec(line);
    if (section) {
      current = new Set();
      sections.set(section[1] ?? section[2]!, current);
    } else if (item) current.add(item[1] ?? item[2]!);
  }
  return sections;
}
