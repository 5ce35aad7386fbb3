import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** One command of a page, in its order. */
export interface PageCommand {
  /** The heading that it stands under. */
  section: string;
  command: string;
  /** What the page says that it prints; `…` is what differs, and alone in a line any lines. */
  prints: string[];
}

/** Reads the blocks of a page that are played: those marked as `console`, where a line with `$` is typed. @param page below `docs` */
export function commandsOf(page: string): PageCommand[] {
  const commands: PageCommand[] = [];
  let section = "";
  let indent: string | undefined;
  for (const line of readFileSync(join(root, "docs", page), "utf8").split("\n")) {
    const [, opened] = /^( *)```console$/.exec(line) ?? [];
    if (opened !== undefined) indent = opened;
    else if (indent === undefined) section = /^## (?:\d+\. )?(.*)$/.exec(line)?.[1] ?? section;
    else if (line.trim() === "```") indent = undefined;
    else if (line.startsWith(`${indent}$ `))
      commands.push({ section, command: line.slice(indent.length + 2), prints: [] });
    else commands.at(-1)!.prints.push(line.slice(indent.length));
  }
  return commands;
}

/** @returns the lines of a page that were not printed, or not in this order */
export function notPrinted(prints: readonly string[], output: string): string[] {
  const lines = output.split("\n").map((line) => line.trimEnd());
  let from = 0;
  return prints.filter((wanted) => {
    if (wanted === "…") return false;
    const pattern = new RegExp(`^${wanted.split("…").map(escaped).join(".*")}$`);
    const found = lines.findIndex((line, index) => index >= from && pattern.test(line));
    if (found < 0) return true;
    from = found + 1;
    return false;
  });
}

/** @returns the first cells of the rows of a table of a page, which are code, below a heading cell */
export function firstCells(page: string, heading: string): string[] {
  const lines = readFileSync(join(root, "docs", page), "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map((line) => /^\| `([^`]*)`/.exec(line)![1]!);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
