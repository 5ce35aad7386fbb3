import { isDeepStrictEqual } from "node:util";
import JSON5 from "json5";
import { ok, type Result, type TapbackError } from "../../platform/index.js";
import { normalizeId } from "../ids.js";
import type { Surroundings } from "../location.js";
import type { ApprovedSender } from "./access.js";
import { type KnownChat, namesGroupsByGuid } from "./channel.js";
import { type ImportOutput, importConfig } from "./core.js";
import { type Dialect, treeOf } from "./report.js";
import { findSource, type ImportedCursor, readApproved, readCursors } from "./sources.js";
import { chooseBlock } from "./translate.js";

export { type AccessDifference, type ApprovedSender, importedRegion } from "./access.js";
export type { KnownChat } from "./channel.js";
export { type ImportInput, type ImportOutput, importConfig } from "./core.js";
export type { Dialect, ReportEntry } from "./report.js";
export type { ImportedCursor } from "./sources.js";

/** Everything that an import found (behaviour 2.8). Nothing is written yet. */
export interface Imported extends ImportOutput {
  dialect: Dialect;
  /** The file that was read. */
  file: string;
  /** Senders approved by pairing, to be approved here too. */
  approved: ApprovedSender[];
  /** Where catch-up stood, per account. */
  cursors: ImportedCursor[];
  /** Whether the configuration differs from what `current` says. */
  changed: boolean;
}

/**
 * Reads another system's configuration and state, and makes ours of it.
 * @param options.dialect undefined takes what is found
 * @param options.file undefined looks in the usual places
 * @param options.findChats asked for the chats of the accounts when groups are named by GUID, with the text of the
 *   configuration without them
 * @param options.current text of our own configuration file; undefined when there is none
 * @returns what to write, or an error `IMPORT_NOT_FOUND`, `IMPORT_UNREADABLE`
 */
export async function importFrom(
  options: Surroundings & {
    dialect?: Dialect;
    file?: string;
    findChats?: (text: string) => Promise<readonly KnownChat[]>;
    current?: string | undefined;
  },
): Promise<Result<Imported, TapbackError>> {
  const found = findSource(options.dialect, options.file, options);
  if (!found.ok) return found;
  const { dialect, file, old } = found.value;
  const chosen = chooseBlock(dialect, old);
  const block = treeOf(chosen?.block);
  const ids = Object.keys(treeOf(block.accounts));
  const named = typeof block.defaultAccount === "string" ? block.defaultAccount : undefined;
  const fallback = named ?? (ids.length === 0 || ids.includes("default") ? "default" : ids[0]!);
  const approved = readApproved(found.value, normalizeId(fallback));
  const withChats = (chats: readonly KnownChat[]) =>
    importConfig({ dialect, old, approved, chats, env: options.env });
  let output = await withChats([]);
  if (options.findChats && chosen && namesGroupsByGuid(chosen.block, chosen.kind))
    output = await withChats(await options.findChats(output.text));
  const changed = !isDeepStrictEqual(parseLeniently(options.current), output.config);
  return ok({ ...output, dialect, file, approved, cursors: readCursors(found.value), changed });
}

function parseLeniently(source: string | undefined): unknown {
  try {
    return source === undefined ? undefined : JSON5.parse(source);
  } catch {
    return undefined;
  }
}
