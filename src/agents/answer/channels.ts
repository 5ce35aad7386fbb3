/** The marks between which models of OpenAI's open family write; a server that does not know them lets them through. */
const mark = /<\|(start|channel|message|constrain|end|return|call)\|>/g;
/** Such marks at the start of a text, or behind thoughts whose first mark the server has swallowed. */
const begins = /^\s*<\|(?:start|channel|message)\|>/;
const goesOn = /<\|end\|>\s{0,20}<\|start\|>assistant/;
/** What is left of the marks where a server drops them and keeps the names. */
const bare = /^analysis(?=[A-Z])/;
const bareFinal = "assistantfinal";
/** Marks that end what a model says. */
const ends = ["<|im_end|>", "<|end|>", "<|return|>", "<|eot_id|>", "<|endoftext|>", "<|end_of_text|>"];

/**
 * Takes what a model says to people out of its channels: `final`, or what stands in none.
 * @returns the text as it was where it has no channels
 */
export function finalChannel(text: string): string {
  if (begins.test(text) || (!text.includes("```") && goesOn.test(text))) return finalOf(text);
  if (bare.test(text)) {
    const at = text.lastIndexOf(bareFinal);
    if (at !== -1) return text.slice(at + bareFinal.length);
  }
  return withoutEnds(text);
}

function finalOf(text: string): string {
  const said: string[] = [];
  // What stands before the first mark belongs to a channel whose mark is gone.
  let channel = "analysis";
  let part: "role" | "channel" | "message" = "message";
  let from = 0;
  const first = text.search(/\S/);
  const take = (to: number) => {
    const words = text.slice(from, to).trim();
    if (part === "channel") channel = words.split(/\s/, 1)[0]!;
    else if (part === "message" && (channel === "final" || channel === "") && words !== "") said.push(words);
  };
  for (const { index, 0: whole, 1: name } of text.matchAll(mark)) {
    take(index);
    from = index + whole.length;
    if (name === "start") [channel, part] = ["", "role"];
    else if (name === "channel") part = "channel";
    else if (name === "message") {
      // A text that begins with this mark names no channel.
      if (index === first) channel = "";
      part = "message";
    } else part = "role";
  }
  take(text.length);
  return said.join("\n\n");
}

function withoutEnds(text: string): string {
  let left = text;
  for (;;) {
    const trimmed = left.trimEnd();
    const end = ends.find((name) => trimmed.endsWith(name));
    if (end === undefined) return left;
    left = trimmed.slice(0, -end.length);
  }
}
