import { normalizeId } from "../../config/index.js";
import { cutText, formatTarget } from "../../conversation/index.js";
import { cancelSchedule, goesAt, scheduleRow } from "../../facts/index.js";
import { localTime } from "../../platform/index.js";
import { type Context, checkAccount, readConfig } from "../context.js";
import { printJson, printLine, table } from "../output.js";
import { openState, withStateIfAny } from "../state.js";

/** A text is cut here in the table, UTF-16 code units; `--json` has all of it. */
const textLength = 60;

/** `tapback schedule list`: what is to be sent, or asked, later. */
export async function list(context: Context, options: { account?: string }): Promise<undefined> {
  const wanted = options.account && normalizeId(options.account);
  const all = (await withStateIfAny(context, (store) => store?.schedule.list())) ?? [];
  const waiting = all.filter(({ account }) => !wanted || account === wanted);
  if (waiting.length === 0) await checkAccount(context, options.account);
  // Where nothing waits, nothing of the configuration is asked.
  const config = waiting.length > 0 ? (await readConfig(context)).config : undefined;
  if (context.json) return void printJson(waiting.map((each) => scheduleRow(each, config!)));
  if (waiting.length === 0) return void printLine("Nothing is scheduled.");
  printLine(
    table(
      ["ID", "DUE", "AGAIN", "TO", "BY", "TEXT"],
      waiting.map(({ id, account, dueAt, item, repeat, runsTurn, maker }) => [
        id,
        dueWords(dueAt, goesAt(config!, { account, dueAt })),
        repeat ? `${repeat.cron} (${repeat.zone})` : "",
        formatTarget(item.target),
        maker ? (maker.name ?? maker.handle) : "",
        `${runsTurn ? "ask: " : ""}${cutText(item.text ?? item.file ?? "", textLength)}`,
      ]),
    ),
  );
}

function dueWords(dueAt: number, leaves: number): string {
  return leaves === dueAt ? localTime(dueAt) : `${localTime(dueAt)}, goes ${localTime(leaves)} (quiet hours)`;
}

/** `tapback schedule cancel`: takes something scheduled back. @throws `SCHEDULE_UNKNOWN` */
export async function cancel(context: Context, id: string): Promise<undefined> {
  const store = await openState(context);
  await cancelSchedule(store, id).finally(() => store.close());
  if (context.json) printJson({ id, cancelled: true });
  else printLine(`Cancelled ${id}.`);
}
