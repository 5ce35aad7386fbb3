import { isDeepStrictEqual } from "node:util";
import JSON5 from "json5";
import { missingIn, type Tree, treeOf, whyUnset } from "../config/fitting/index.js";
import type { Config, Surroundings } from "../config/index.js";
import { ok, type Result, type TapbackError } from "../platform/index.js";
import { blocksOf, type Dialect } from "./dialects.js";
import { type ImportOutput, importConfig } from "./import-config.js";
import { readApproved } from "./state/approved.js";
import { type ImportedCursor, readCursors } from "./state/cursors.js";
import { findSource, holdsState } from "./state/sources.js";
import { accountsHere, accountsThere, idThere } from "./there/accounts.js";
import { traitsOf } from "./there/traits.js";
import { groupKey, type KnownChat } from "./translation/groups.js";

export type { Dialect } from "./dialects.js";
export { type ImportOutput, importConfig } from "./import-config.js";
export type { ImportedCursor } from "./state/cursors.js";
export type { KnownChat } from "./translation/groups.js";

/** The chats of the account, or why nobody was asked for them. */
export type FoundChats = { chats: readonly KnownChat[] } | { problem: string };

/** Everything that an import found (behaviour 2.8). Nothing is written yet. */
export interface Imported extends ImportOutput {
  dialect: Dialect;
  /** The file that was read. */
  file: string;
  /** Where catch-up stood, per account, by our ids. */
  cursors: ImportedCursor[];
  /** Whether the configuration differs from what `current` says. */
  changed: boolean;
}

/**
 * Reads another system's configuration and state, and makes ours of it.
 * @param options.dialect undefined takes what is found
 * @param options.file undefined looks in the usual places
 * @param options.findChats asked for the chats of the accounts when groups are named by GUID, with the configuration without them
 * @param options.current text of our own configuration file; undefined when there is none
 * @returns what to write, or an error `IMPORT_NOT_FOUND`, `IMPORT_UNREADABLE`
 */
export async function importFrom(
  options: Surroundings & {
    dialect?: Dialect;
    file?: string;
    findChats?: (config: Config) => Promise<FoundChats>;
    current?: string | undefined;
  },
): Promise<Result<Imported, TapbackError>> {
  const found = findSource(options.dialect, options.file, options);
  if (!found.ok) return found;
  const { dialect, file, old } = found.value;
  const chosen = blocksOf(dialect, old)[0];
  const ids = chosen
    ? accountsThere(treeOf(chosen.block), traitsOf(dialect, chosen)).map(({ id }) => id)
    : [];
  const named = treeOf(chosen?.block).defaultAccount;
  const fallback = ids.find((id) => typeof named === "string" && id === idThere(named));
  const accounts = {
    all: ids,
    fallback: fallback ?? (ids.includes("default") ? "default" : (ids[0] ?? "default")),
  };
  const { senders, problem } = readApproved(found.value, accounts);
  const withChats = (chats: readonly KnownChat[]) =>
    importConfig({ dialect, old, approved: senders, chats, env: options.env });
  let output = await withChats([]);
  const { findChats } = options;
  if (findChats && chosen?.kind === "bluebubbles" && namesGroups(chosen.block)) {
    const unset = missingIn(waysIn(output.config), options.env);
    const looked = unset.length > 0 ? { problem: whyUnset(unset) } : await findChats(output.checked);
    if ("chats" in looked) output = await withChats(looked.chats);
    else
      output.notes.push(
        `No account was asked for the groups that are named by GUID: ${looked.problem.replace(/\.$/, "")}.`,
      );
  }
  // Whoever stands in what cannot be read is lost, whoever they are.
  if (problem !== undefined)
    output.access.lost.unshift(`everyone who was approved by pairing alone: ${problem}`);
  const changed = !isDeepStrictEqual(parseLeniently(options.current), output.config);
  const hereOf = accountsHere(treeOf(chosen?.block));
  const read = readCursors(found.value, ids);
  const cursors = read.cursors.flatMap((cursor) => {
    const account = hereOf(cursor.account);
    return account === undefined ? [] : [{ ...cursor, account }];
  });
  const notes = [
    ...output.notes,
    ...read.problems.map((one) => `Where catch-up stood is not taken over: ${one}.`),
    ...stateNotes(found.value.stateDir, output.config, cursors),
  ];
  return ok({ ...output, notes, dialect, file, cursors, changed });
}

/** What was not found beside the configuration, where that changes something. */
function stateNotes(stateDir: string, config: Tree, cursors: readonly ImportedCursor[]): string[] {
  const block = treeOf(treeOf(config.channels).imessage);
  const catchups = [block, ...Object.values(treeOf(block.accounts)).map(treeOf)].map(({ catchup }) =>
    treeOf(catchup),
  );
  const isCaughtUp = cursors.length === 0 && catchups.some(({ enabled }) => enabled === true);
  return [
    ...(holdsState(stateDir)
      ? []
      : [
          `Neither approvals by pairing nor a cursor of catch-up were found in ${stateDir}. Where they are elsewhere, name that folder with OPENCLAW_STATE_DIR, or its like, and import again.`,
        ]),
    ...(isCaughtUp
      ? [
          "Where catch-up stood was not found, so the first start looks back channels.imessage.catchup.firstRunLookbackMinutes, and may answer again what the other gateway answered in that time.",
        ]
      : []),
  ];
}

/** What says where the accounts' Macs are: a text that stands for a variable must not be asked. */
function waysIn(config: Tree): unknown[] {
  const block = treeOf(treeOf(config.channels).imessage);
  const blocks = [block, ...Object.values(treeOf(block.accounts)).map(treeOf)];
  return blocks.flatMap(({ cliPath, dbPath, remoteHost }) => [cliPath, dbPath, remoteHost]);
}

/** Whether a block or one of its accounts names groups in a way that only a list of the chats can tell. */
function namesGroups(block: Tree): boolean {
  return [block, ...Object.values(treeOf(block.accounts)).map(treeOf)].some(({ groups }) =>
    Object.keys(treeOf(groups)).some((key) => groupKey(key, { byGuid: true, chats: [] }) === undefined),
  );
}

function parseLeniently(source: string | undefined): unknown {
  try {
    return source === undefined ? undefined : JSON5.parse(source);
  } catch {
    return undefined;
  }
}
