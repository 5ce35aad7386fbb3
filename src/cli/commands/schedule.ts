import { normalizeId, resolveAccount } from "../../config/index.js";
import { cutText, formatTarget } from "../../conversation/index.js";
import { quietHoursEnd } from "../../outbound/index.js";
import { localTime, TapbackError } from "../../platform/index.js";
import { type Context, checkAccount, openState, openStateIfAny, readConfig } from "../context.js";
import { printJson, printLine, table } from "../output.js";

/** A text is cut here in the table, UTF-16 code units; `--json` has all of it. */
const textLength = 60;

/** `tapback schedule list`: what is to be sent, or asked, later. */
export async function list(context: Context, options: { account?: string }): Promise<undefined> {
  const store = openStateIfAny(context);
  const wanted = options.account && normalizeId(options.account);
  const waiting = ((await store?.schedule.list()) ?? []).filter(
    ({ account }) => !wanted || account === wanted,
  );
  await store?.close();
  if (waiting.length === 0) await checkAccount(context, options.account);
  const goesAt = waiting.length > 0 ? await departures(context) : undefined;
  if (context.json)
    return void printJson(
      waiting.map(({ id, account, sessionKey, dueAt, createdAt, item, repeat, runsTurn = false, maker }) => ({
        id,
        account,
        sessionKey,
        target: formatTarget(item.target),
        dueAt: new Date(dueAt).toISOString(),
        goesAt: new Date(goesAt!(account, dueAt)).toISOString(),
        repeat: repeat ?? null,
        createdAt: new Date(createdAt).toISOString(),
        by: maker ? { handle: maker.handle, name: maker.name ?? null } : null,
        kind: runsTurn ? "turn" : "message",
        text: item.text ?? null,
      })),
    );
  if (waiting.length === 0) return void printLine("Nothing is scheduled.");
  printLine(
    table(
      ["ID", "DUE", "AGAIN", "TO", "BY", "TEXT"],
      waiting.map(({ id, account, dueAt, item, repeat, runsTurn, maker }) => [
        id,
        dueWords(dueAt, goesAt!(account, dueAt)),
        repeat ? `${repeat.cron} (${repeat.zone})` : "",
        formatTarget(item.target),
        maker ? (maker.name ?? maker.handle) : "",
        `${runsTurn ? "ask: " : ""}${cutText(item.text ?? item.file ?? "", textLength)}`,
      ]),
    ),
  );
}

/** When a message goes that falls due at a moment: at once, or when the quiet hours end (milliseconds since the epoch). */
async function departures(context: Context): Promise<(account: string, dueAt: number) => number> {
  const { config } = await readConfig(context);
  return (account, dueAt) => {
    const quietHours = resolveAccount(config, account)?.outbound.quietHours ?? "";
    return (quietHours === "" ? undefined : quietHoursEnd(quietHours, dueAt)) ?? dueAt;
  };
}

function dueWords(dueAt: number, goesAt: number): string {
  return goesAt === dueAt ? localTime(dueAt) : `${localTime(dueAt)}, goes ${localTime(goesAt)} (quiet hours)`;
}

/** `tapback schedule cancel`: takes something scheduled back. @throws `SCHEDULE_UNKNOWN` */
export async function cancel(context: Context, id: string): Promise<undefined> {
  const store = openState(context);
  const cancelled = await store.schedule.cancel(id).finally(() => store.close());
  if (!cancelled)
    throw new TapbackError("SCHEDULE_UNKNOWN", `nothing scheduled with the id ${id} is waiting`, {
      hint: "`tapback schedule list` lists them.",
    });
  if (context.json) printJson({ id, cancelled: true });
  else printLine(`Cancelled ${id}.`);
}
