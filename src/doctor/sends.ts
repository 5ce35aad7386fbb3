import { isOurRule } from "../outbound/index.js";
import { remedyOf } from "../platform/error-codes/index.js";
import { localTime } from "../platform/index.js";
import { type OutboxItem, type StatePlace, type Store, withExistingStateAt } from "../store/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** How many of an account's newest messages tell how its sends do. */
const newest = 200;

/**
 * How the sends of each account do: what waits because it fails, or since when the last ones failed, with the words of
 * the failure and what to do (behaviour 10.1, 13). A database that does not open is another check's to tell.
 */
export async function checkSends(place: StatePlace, accounts: readonly string[]): Promise<Finding[]> {
  try {
    return await withExistingStateAt(place, async (store) => {
      const found: Finding[] = [];
      if (store) for (const account of accounts) found.push(await sendsOf(account, store));
      return found;
    });
  } catch {
    return [];
  }
}

async function sendsOf(account: string, { outbox }: Store): Promise<Finding> {
  const check = `sends/${account}`;
  const waiting = (await outbox.list({ account, states: ["pending", "sending"], limit: newest })).filter(
    fails,
  );
  const oldest = waiting.at(-1);
  if (oldest)
    return failed(
      check,
      `${messages(waiting)} cannot be sent since ${localTime(oldest.createdAt)}: ${why(oldest)}`,
      remedyFor(oldest),
    );
  const ended = await outbox.list({
    account,
    states: ["delivered", "stored", "not_sent", "unknown"],
    limit: newest,
  });
  const telling = ended
    .filter((item) => item.error === undefined || fails(item))
    .sort((a, b) => endOf(b) - endOf(a));
  const landed = telling.findIndex(({ error }) => error === undefined);
  const failures = landed < 0 ? telling : telling.slice(0, landed);
  const [last] = failures;
  if (last)
    return warn(
      check,
      `${messages(failures)} failed since ${localTime(endOf(failures.at(-1)!))}: ${why(last)}`,
      remedyFor(last),
    );
  return fine(
    check,
    landed < 0 ? "nothing sent yet" : `the last message landed ${localTime(endOf(telling[landed]!))}`,
  );
}

function fails({ error }: OutboxItem): boolean {
  return error !== undefined && !isOurRule(error.code);
}

function endOf({ settledAt, createdAt }: OutboxItem): number {
  return settledAt ?? createdAt;
}

function messages(items: readonly OutboxItem[]): string {
  return items.length === 1 ? "1 message" : `${items.length} messages`;
}

function remedyFor({ error }: OutboxItem): string {
  return remedyOf(error?.code ?? "") ?? "Look at `tapback channels status` and `tapback inbox --failed`.";
}

/** Why a message was not sent, without the remedy, which was stored with the error and is told beside it. */
function why(item: OutboxItem): string {
  return (item.error?.message ?? "").replace(` (${remedyFor(item)})`, "");
}
