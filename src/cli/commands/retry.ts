import { normalizeId } from "../../config/index.js";
import { reasons } from "../../conversation/index.js";
import { findEntry, type RetryRefusal, retryRefusal } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import type { JournalEntry, JournalFilter, Store } from "../../store/index.js";
import { type Context, checkAccount } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { openState } from "../state.js";
import { unservedRefusal } from "../unserved.js";

export interface RetryOptions {
  failed?: boolean;
  reason?: string;
  again?: boolean;
  account?: string;
}

/** Messages that one `--failed` or `--reason` sends through, at most: a person reads what comes of them. */
const most = 200;
/** Rows that are read at once. */
const page = 200;
/** Lines about messages that are left alone, at most. */
const mostLines = 20;

interface Skipped {
  id: number;
  code: string;
  message: string;
}

/** Which messages go, in their order. */
interface Choice {
  ids: number[];
  skipped: Skipped[];
  /** How many more could go. */
  left: number;
}

type Judge = (entry: JournalEntry) => RetryRefusal | undefined;

/**
 * `tapback retry`: sends rows of the journal through today's gates again (behaviour 14), each once unless `--again`.
 * @returns 0 when at least one row goes again; 1 when none does
 * @throws `USAGE`
 */
export async function retry(
  context: Context,
  options: RetryOptions,
  message: string | undefined,
): Promise<number> {
  const chosen = [message !== undefined, options.failed === true, options.reason !== undefined];
  if (chosen.filter((is) => is).length !== 1)
    throw new TapbackError("USAGE", "name a message, or use --failed or --reason");
  if (options.reason !== undefined && !reasons.some((reason) => reason === options.reason))
    throw new TapbackError("USAGE", `there is no reason ${options.reason}`, {
      hint: `Reasons are ${reasons.join(", ")}.`,
    });
  const store = await openState(context);
  try {
    const unserved = await unservedRefusal(context);
    const judge: Judge = (entry) => retryRefusal(entry, options.again ?? false) ?? unserved(entry);
    const { ids, skipped, left } =
      message === undefined
        ? await listed(store, options, judge)
        : await named(await findEntry(store, message), judge);
    if (ids.length + skipped.length === 0) await checkAccount(context, options.account);
    const count = await store.journal.reopen(ids, "retry");
    if (context.json) printJson({ retried: ids, skipped, left });
    else tell({ ids, skipped, left });
    return count > 0 ? exitCodes.done : exitCodes.refused;
  } finally {
    await store.close();
  }
}

/** @throws why it may not go */
async function named(entry: JournalEntry, judge: Judge): Promise<Choice> {
  const refusal = judge(entry);
  if (refusal) throw new TapbackError(refusal.code, refusal.message, { hint: refusal.hint });
  return { ids: [entry.id], skipped: [], left: 0 };
}

/** Oldest first, so that they are answered in their order; what may not go takes nobody's place. */
async function listed(store: Store, { reason, account }: RetryOptions, judge: Judge): Promise<Choice> {
  const filter: Omit<JournalFilter, "limit"> = {
    ...(reason === undefined ? { state: "failed" } : { reason }),
    ...(account !== undefined && { account: normalizeId(account) }),
  };
  const choice: Choice = { ids: [], skipped: [], left: 0 };
  let read: JournalEntry[];
  let after = 0;
  do {
    read = await store.journal.list({ ...filter, after, oldestFirst: true, limit: page });
    for (const entry of read) {
      const refusal = judge(entry);
      if (refusal) choice.skipped.push({ id: entry.id, code: refusal.code, message: refusal.message });
      else if (choice.ids.length < most) choice.ids.push(entry.id);
      else choice.left++;
    }
    after = read.at(-1)?.id ?? after;
  } while (read.length === page);
  return choice;
}

function tell({ ids, skipped, left }: Choice): void {
  if (ids.length === 0 && skipped.length === 0) printLine("There is nothing to run again.");
  if (ids.length > 0)
    printLine(
      `${styled("green", "Again through the gates:")} ${ids.length === 1 ? `message ${ids[0]}` : `${ids.length} messages`}. A running gateway takes ${ids.length === 1 ? "it" : "them"} up within a second; \`tapback explain ${ids.at(-1)}\` tells what came of it.`,
    );
  if (left > 0)
    printLine(`${left === 1 ? "One more waits" : `${left} more wait`}: run it again when these are through.`);
  for (const { message } of skipped.slice(0, mostLines)) printLine(styled("dim", `Left alone: ${message}.`));
  if (skipped.length > mostLines)
    printLine(styled("dim", `Left alone: ${skipped.length - mostLines} more (--json names them).`));
}
