import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/** A command that a page names. */
export interface ManualCommand {
  line: number;
  /** The words as a shell would hand them over, the program first. */
  words: string[];
  /** In a block that people copy, so it is whole; else in a sentence, where it may stand for several. */
  isWhole: boolean;
}

const programs = ["tapback", "imsg-sim", "npm"];

/** Every command line of the project's own programs in a page: of its blocks for a shell, and in its sentences. */
export function manualCommands(page: string): ManualCommand[] {
  return nodesOf(fromMarkdown(page)).flatMap((node) => {
    const line = node.position!.start.line;
    if (node.type === "inlineCode") return own(node.value.replaceAll("\\|", "|"), line, false);
    if (node.type !== "code") return [];
    const shell = node.lang === "sh" || node.lang === "bash";
    const lines = node.value.split("\n").map((text, index) => ({ text, line: line + index + 1 }));
    if (shell) return lines.flatMap(({ text, line }) => own(text, line, true));
    // A picture of a terminal: what stands behind the prompt was typed.
    return lines.flatMap(({ text, line }) => (text.startsWith("$ ") ? own(text.slice(2), line, true) : []));
  });
}

function nodesOf(node: Nodes): Nodes[] {
  return "children" in node ? [node, ...node.children.flatMap(nodesOf)] : [node];
}

function own(text: string, line: number, isWhole: boolean): ManualCommand[] {
  return (isWhole ? piped(text) : [text]).flatMap((part) => single(part, line, isWhole));
}

/** The commands of a line of a shell; what is quoted stays whole. */
function piped(text: string): string[] {
  return text.match(/(?:"[^"]*"|'[^']*'|[^|;&])+/g) ?? [];
}

function single(text: string, line: number, isWhole: boolean): ManualCommand[] {
  const words = shellWords(text);
  // NAME=value in front sets a variable; sudo and exec start what follows.
  while (words.length > 0 && (/^[A-Z_]+=/.test(words[0]!) || ["sudo", "exec", "nohup"].includes(words[0]!)))
    words.shift();
  return programs.includes(words[0] ?? "") && words.length > 1 ? [{ line, words, isWhole }] : [];
}

/** Splits as a shell does, up to a comment or a redirection. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  for (const [, double, single, bare] of text.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"']+)/g)) {
    if (bare !== undefined && /^(#|\d?[<>]|\\$)/.test(bare)) break;
    words.push(double ?? single ?? bare!);
  }
  return words;
}
