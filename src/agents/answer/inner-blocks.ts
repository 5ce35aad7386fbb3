/** What a block that is no part of an answer is: a model's thoughts, a call of a tool or its result, a shown message. */
type BlockKind = "thought" | "tool" | "message" | "earlier" | "note";

/** A form of block. */
interface BlockForm {
  kind: BlockKind;
  /** What opens it, at an offset. */
  opener: RegExp;
  /** What closes it, as the first group, or opens one more inside. */
  marks: RegExp;
}

/** Names in angle brackets, with or without a namespace; every part is bounded, so that each look costs little. */
const tag = (names: string) => new RegExp(`<(?:[a-z]{1,20}:)?(?:${names})(?![\\w-])[^<>\\n]{0,300}>`, "iy");
const endTag = (names: string) => new RegExp(`</(?:[a-z]{1,20}:)?(?:${names})[ \\t]{0,8}>`, "gi");
const thoughts = "think|thinking|thoughts?|reasoning";
const tools = [
  ...["tool_calls?", "tool_use", "tool_results?", "tool_response", "tool_output"],
  ...["function_calls?", "function_results?", "function", "invoke"],
];
/** These are words of HTML-like texts too, unless they carry what a call carries. */
const carries: Record<string, string> = { function: "(?==)", invoke: "(?=\\s+name=)" };

const written: readonly { kind: BlockKind; opener: RegExp; closer: RegExp }[] = [
  { kind: "thought", opener: tag(thoughts), closer: endTag(thoughts) },
  { kind: "thought", opener: /\[THINK\]/y, closer: /\[\/THINK\]/g },
  { kind: "thought", opener: /◁think▷/y, closer: /◁\/think▷/g },
  { kind: "thought", opener: /<\|channel>thought/y, closer: /<channel\|>/g },
  ...tools.map((name) => ({
    kind: "tool" as const,
    opener: tag(name + (carries[name] ?? "")),
    closer: endTag(name),
  })),
  {
    kind: "tool",
    opener: /<[|｜]tool[▁_]calls?(?:[▁_]section)?[▁_]begin[|｜]>/y,
    closer: /<[|｜]tool[▁_]calls?(?:[▁_]section)?[▁_]end[|｜]>/g,
  },
  { kind: "tool", opener: /\[TOOL_CALLS\]|<\|python_tag\|>/y, closer: /(?!)/g },
  // The marks of `renderTurn`; one without a sender is no frame of ours.
  ...(["message", "earlier"] as const).map((name) => ({
    kind: name,
    opener: tag(`${name}(?= from=")`),
    closer: endTag(name),
  })),
  { kind: "note", opener: /<note>(?=\n)/y, closer: /<\/note>/g },
];

const forms = written.map(
  ({ kind, opener, closer }): BlockForm => ({
    kind,
    opener,
    marks: new RegExp(`(${closer.source})|(?:${opener.source})`, opener.flags.replace("y", "g")),
  }),
);

/** The end of a thought whose beginning a chat template has swallowed. */
const thoughtEnd = endTag(thoughts);

/** One block in a text; offsets are UTF-16 code units. */
export interface InnerBlock {
  kind: BlockKind;
  /** What stands between its marks. */
  bodyStart: number;
  bodyEnd: number;
  /** Behind its closing mark. */
  end: number;
  closed: boolean;
}

/**
 * Finds blocks in one text. All looks together take time in proportion to the text: what is searched for the end of a
 * block is either part of the block or, where no end is found, never searched for such an end again.
 */
export class InnerBlocks {
  readonly #endless = new Set<BlockForm>();

  constructor(private readonly text: string) {}

  /** @returns the block that opens at an offset; one that nothing closes reaches to the end of the text */
  at(offset: number): InnerBlock | undefined {
    const { text } = this;
    if (!"<[◁".includes(text[offset] ?? " ")) return undefined;
    for (const form of forms) {
      form.opener.lastIndex = offset;
      const opened = form.opener.exec(text);
      if (!opened) continue;
      const bodyStart = offset + opened[0].length;
      const close = this.#closeOf(form, bodyStart);
      if (close) return { kind: form.kind, bodyStart, ...close, closed: true };
      return { kind: form.kind, bodyStart, bodyEnd: text.length, end: text.length, closed: false };
    }
    return undefined;
  }

  /** @returns where the next end of a thought stands between two offsets */
  thoughtEnd(from: number, to: number): { start: number; end: number } | undefined {
    thoughtEnd.lastIndex = 0;
    const found = thoughtEnd.exec(this.text.slice(from, to));
    return found ? { start: from + found.index, end: from + found.index + found[0].length } : undefined;
  }

  /** Blocks of a form nest; one whose openers outnumber its closers ends with the last closer. */
  #closeOf(form: BlockForm, from: number): { bodyEnd: number; end: number } | undefined {
    if (this.#endless.has(form)) return undefined;
    const { marks } = form;
    marks.lastIndex = from;
    let depth = 1;
    let last: { bodyEnd: number; end: number } | undefined;
    for (let mark = marks.exec(this.text); mark; mark = marks.exec(this.text)) {
      if (mark[1] === undefined) {
        depth++;
        continue;
      }
      last = { bodyEnd: mark.index, end: mark.index + mark[0].length };
      if (--depth === 0) return last;
    }
    this.#endless.add(form);
    return last;
  }
}
