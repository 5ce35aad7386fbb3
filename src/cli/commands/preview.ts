import { commandRules } from "../../commands/index.js";
import { defaultAccountId, resolveAccount } from "../../config/index.js";
import { macOf } from "../../gateway/index.js";
import { MacClock, rulesFor } from "../../inbound/index.js";
import { systemClock, TapbackError } from "../../platform/index.js";
import {
  knownPeople,
  type PersonPreview,
  readHistory,
  replay,
  summarize,
  totalOf,
} from "../../preview/index.js";
import { type Context, readConfig } from "../context.js";
import { printJson, printLine, styled, table } from "../output.js";
import { withStateIfAny } from "../state.js";

export interface PreviewOptions {
  days?: string;
  account?: string;
  db?: string;
}

const dayMs = 24 * 3600_000;
/** One read of a long history may take this long. */
const timeoutMs = 120_000;

/**
 * `tapback preview`: sends recent history through today's gates, without an agent and without sending anything, and
 * tells who would have been answered (behaviour 16.2).
 * @throws `USAGE`, `ACCOUNT_UNKNOWN`
 */
export async function preview(context: Context, options: PreviewOptions): Promise<undefined> {
  const days = Number(options.days ?? 30);
  if (!(days > 0)) throw new TapbackError("USAGE", "--days needs a number above 0");
  const { config } = await readConfig(context);
  const id = options.account ?? defaultAccountId(config);
  const account = resolveAccount(config, id);
  if (!account) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${id}`);
  const mac = macOf(options.db === undefined ? account : { ...account, dbPath: options.db }, context.home);
  const since = Date.now() - days * dayMs;
  const rules = rulesFor(config, account, commandRules);
  const verdicts = await withStateIfAny(context, async (store) => {
    const clock = store ? await MacClock.load(store, account.id, systemClock) : new MacClock(systemClock);
    const history = await readHistory(mac, clock.theirs(since), timeoutMs);
    return replay(history, rules, await knownPeople(store, account, clock));
  });
  const people = summarize(verdicts);
  const result = {
    account: account.id,
    days,
    since: new Date(since).toISOString(),
    total: totalOf(people),
    people,
  };
  if (context.json) printJson(result);
  else tell(result);
}

function tell({
  total,
  people,
  days,
  account,
}: {
  account: string;
  days: number;
  total: ReturnType<typeof totalOf>;
  people: PersonPreview[];
}): void {
  if (total.messages === 0)
    return void printLine(`Nobody wrote to the account ${account} within ${days} days.`);
  printLine(
    table(
      ["FROM", "CHAT", "WROTE", "ANSWERED", "COMMANDS", "CODES", "CONTEXT", "DROPPED", "WHY NOT"],
      people.map((person) => [
        person.name ?? person.sender,
        person.group ?? "direct",
        ...[
          person.messages,
          person.answered,
          person.commands,
          person.codes,
          person.context,
          person.dropped,
        ].map(String),
        person.reasons.map(({ reason, count }) => `${reason} ×${count}`).join(", "),
      ]),
    ),
  );
  // A remedy may name its person: one of each reason is shown, that of who wrote most.
  const remedies = new Map<string, Set<string>>();
  for (const { reason, remedy } of people.flatMap(({ reasons }) => reasons))
    remedies.set(reason, (remedies.get(reason) ?? new Set()).add(remedy));
  if (remedies.size > 0) printLine(`\n${styled("bold", "What would change it")}`);
  for (const [reason, [first, ...others]] of remedies)
    printLine(`  ${reason}: ${first}${others.length > 0 ? ` And so for ${others.length} more.` : ""}`);
  printLine(
    `\n${total.messages} messages of ${days} days: ${total.answered} answered, ${total.commands} commands, ${total.codes} pairing codes, ${total.context} kept as context, ${total.dropped} dropped. Nothing was sent.`,
  );
}
