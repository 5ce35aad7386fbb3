import { normalizeId } from "../../config/index.js";
import { reasons } from "../../conversation/index.js";
import { findEntry, retryRefusal } from "../../facts/index.js";
import { TapbackError } from "../../platform/index.js";
import type { JournalEntry, Store } from "../../store/index.js";
import { type Context, checkAccount } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { openState } from "../state.js";

export interface RetryOptions {
  failed?: boolean;
  reason?: string;
  again?: boolean;
  account?: string;
}

/** Rows of one `--failed` or `--reason`, at most: a person reads what comes of them. */
const most = 200;

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
    const entries = message === undefined ? await listed(store, options) : [await findEntry(store, message)];
    if (entries.length === 0) await checkAccount(context, options.account);
    const judged = entries.map((entry) => ({ entry, refusal: retryRefusal(entry, options.again ?? false) }));
    const [only] = judged;
    if (message !== undefined && only?.refusal) {
      const { code, message: why, hint } = only.refusal;
      throw new TapbackError(code, why, { hint });
    }
    const ids = judged.filter(({ refusal }) => !refusal).map(({ entry }) => entry.id);
    const count = await store.journal.reopen(ids, "retry");
    const skipped = judged.flatMap(({ entry, refusal }) =>
      refusal ? [{ id: entry.id, code: refusal.code, message: refusal.message }] : [],
    );
    if (context.json) printJson({ retried: ids, skipped });
    else tell(ids, skipped);
    return count > 0 ? exitCodes.done : exitCodes.refused;
  } finally {
    await store.close();
  }
}

/** Oldest first, so that they are answered in their order. */
async function listed(store: Store, { reason, account }: RetryOptions): Promise<JournalEntry[]> {
  const filter = { limit: most, ...(account !== undefined && { account: normalizeId(account) }) };
  return (
    await store.journal.list(reason === undefined ? { ...filter, state: "failed" } : { ...filter, reason })
  ).reverse();
}

function tell(ids: number[], skipped: { id: number; message: string }[]): void {
  if (ids.length === 0 && skipped.length === 0) printLine("There is nothing to run again.");
  if (ids.length > 0)
    printLine(
      `${styled("green", "Again through the gates:")} ${ids.length === 1 ? `message ${ids[0]}` : `${ids.length} messages`}. A running gateway takes ${ids.length === 1 ? "it" : "them"} up within a second; \`tapback explain ${ids.at(-1)}\` tells what came of it.`,
    );
  for (const { message } of skipped) printLine(styled("dim", `Left alone: ${message}.`));
}
