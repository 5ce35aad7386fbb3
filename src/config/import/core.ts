import { render } from "../edit/render.js";
import { type AccessDifference, type ApprovedSender, accessDifference, ownBlock } from "./access.js";
import type { KnownChat } from "./channel.js";
import { fitMoves } from "./fit.js";
import { notesOf } from "./notes.js";
import { type Dialect, type ReportEntry, type Tree, treeOf } from "./report.js";
import { chooseBlock, translate } from "./translate.js";
import { fillIn, missingIn } from "./variables.js";

/** What there is to import. */
export interface ImportInput {
  dialect: Dialect;
  /** The other system's configuration, parsed. */
  old: Tree;
  approved: readonly ApprovedSender[];
  /** Chats of the accounts that could be asked; empty when none could. */
  chats: readonly KnownChat[];
  env: Readonly<Record<string, string | undefined>>;
}

/** A configuration of ours made from another system's, with what became of each key. */
export interface ImportOutput {
  /** Valid, without defaults. */
  config: Tree;
  /** The configuration as JSON5. */
  text: string;
  report: ReportEntry[];
  access: AccessDifference;
  /** What no single key tells, with the remedy; one or two sentences each. */
  notes: string[];
}

/** Makes our configuration of another system's. Reads and writes nothing. */
export async function importConfig(input: ImportInput): Promise<ImportOutput> {
  const { dialect, approved, chats, env } = input;
  const { old, moves } = fillIn(input.old, env);
  const { config, report } = await fitMoves([...translate(dialect, old, chats), ...moves], env);
  const chosen = chooseBlock(dialect, old);
  const general = (root: Tree) => treeOf(treeOf(root.channels).defaults).groupPolicy;
  const before = {
    block: chosen?.block,
    groupPolicy: chosen?.kind.groupPolicy ?? String(general(old) ?? "allowlist"),
  };
  const after = { block: ownBlock(config), groupPolicy: String(general(config) ?? "allowlist") };
  return {
    config,
    text: textOf(config, dialect),
    report,
    access: accessDifference(before, after, approved, chats),
    notes: notesOf(config, missingIn(config, env)),
  };
}

function textOf(config: Tree, dialect: Dialect): string {
  const style = { indent: "  ", newline: "\n", quote: '"' as const, quoteKeys: false, trailingCommas: true };
  return `// Imported from ${dialect}; comments stay in the old file. Every key: docs/reference/configuration.md\n${render(config, style, "")}\n`;
}
