import { join } from "node:path";
import { isTree, treeOf } from "../../config/fitting/index.js";
import type { ApprovedSender } from "../import-config.js";
import { idThere } from "../there/accounts.js";
import { askDatabase } from "./database.js";
import { filesIn, type Read, readJson, sorted } from "./files.js";
import type { Source } from "./sources.js";

/** Senders that were approved by pairing, and what could not be read of them. */
export interface Approved {
  senders: ApprovedSender[];
  problem?: string;
}

/** What the accounts of the other system are. */
export interface AccountsOfState {
  /** Ids, as they are compared there. */
  all: readonly string[];
  /** To which a file without an account belongs. */
  fallback: string;
}

/**
 * Reads the senders that were approved by pairing: in OpenClaw's database, which alone counts where it has the table, else
 * in the files of earlier releases. The default account's are in `imessage-allowFrom.json`, those of others in
 * `imessage-<account>-allowFrom.json`; Clawdbot and BlueBubbles had one file for all accounts.
 */
export function readApproved(source: Source, accounts: AccountsOfState): Approved {
  const channel = source.dialect === "bluebubbles" ? "bluebubbles" : "imessage";
  const table = "channel_pairing_allow_entries";
  const sql = `SELECT account_id, entry FROM ${table} WHERE channel_key = ? ORDER BY account_id, sort_order, entry`;
  const found = source.dialect === "openclaw" ? askDatabase(source.stateDir, table, sql, channel) : undefined;
  if (found !== undefined && "problem" in found) return { senders: [], problem: found.problem };
  if (found !== undefined)
    return {
      senders: found.value.flatMap(({ account_id, entry }) =>
        accountOf(String(account_id), accounts).flatMap((account) =>
          peopleOf([String(entry)]).map((handle) => ({ account, handle })),
        ),
      ),
    };
  return fromFiles(source, channel, accounts);
}

function fromFiles({ dialect, stateDir }: Source, channel: string, accounts: AccountsOfState): Approved {
  const folder = join(stateDir, "credentials");
  const isForAll = dialect === "clawdbot" || dialect === "bluebubbles";
  const names = sorted([filesIn(folder)]);
  const files = names.values.flat().flatMap((name): Read<ApprovedSender[]>[] => {
    const match = new RegExp(`^${channel}(?:-(.+))?-allowFrom\\.json$`).exec(name);
    if (match === null) return [];
    const path = join(folder, name);
    const read = readJson(path);
    if (read === undefined || "problem" in read) return [read];
    const list = listIn(read.value);
    if (list === undefined) return [{ problem: `${path} holds no list` }];
    const ids = isForAll && match[1] === undefined ? accounts.all : accountOf(match[1] ?? "", accounts);
    return [{ value: ids.flatMap((account) => peopleOf(list).map((handle) => ({ account, handle }))) }];
  });
  const found = sorted(files);
  const problem = [...names.problems, ...found.problems].join("; ");
  return { senders: found.values.flat(), ...(problem !== "" && { problem }) };
}

/** @returns no account for a name that none could have */
function accountOf(name: string, { fallback }: AccountsOfState): string[] {
  if (name.trim() === "") return [fallback];
  const id = idThere(name);
  return id === undefined ? [] : [id];
}

/** The file is a list, or an object with the list in it, or an object keyed by handle, depending on the version. */
function listIn(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!isTree(value)) return undefined;
  const { allowFrom } = treeOf(value);
  return Array.isArray(allowFrom) ? allowFrom : Object.keys(treeOf(value)).filter((key) => /^\+|@/.test(key));
}

/** Everyone is let in by configuration only. */
function peopleOf(list: readonly unknown[]): string[] {
  const handles = list.flatMap((entry) => {
    const handle = isTree(entry) ? (entry.id ?? entry.handle) : entry;
    return typeof handle === "string" || typeof handle === "number" ? [String(handle).trim()] : [];
  });
  return [...new Set(handles.filter((handle) => !["", "+", "*"].includes(handle)))];
}
