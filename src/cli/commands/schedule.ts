import { formatTarget } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
import { type Context, openState, openStateIfAny } from "../context.js";
import { localTime, printJson, printLine, table } from "../output.js";

/** `tapback schedule list`: what is to be sent later. */
export async function list(context: Context, options: { account?: string }): Promise<undefined> {
  const store = openStateIfAny(context);
  const waiting = (store?.schedule.list() ?? []).filter(
    ({ account }) => options.account === undefined || account === options.account,
  );
  await store?.close();
  if (context.json)
    return void printJson(
      waiting.map(({ id, account, sessionKey, dueAt, createdAt, item }) => ({
        id,
        account,
        sessionKey,
        target: formatTarget(item.target),
        dueAt: new Date(dueAt).toISOString(),
        createdAt: new Date(createdAt).toISOString(),
        text: item.text ?? null,
      })),
    );
  if (waiting.length === 0) return void printLine("Nothing is scheduled.");
  printLine(
    table(
      ["ID", "DUE", "TO", "TEXT"],
      waiting.map(({ id, dueAt, item }) => [
        id,
        localTime(dueAt),
        formatTarget(item.target),
        item.text ?? item.file ?? "",
      ]),
    ),
  );
}

/** `tapback schedule cancel`: takes a scheduled message back. @throws `SCHEDULE_UNKNOWN` */
export async function cancel(context: Context, id: string): Promise<undefined> {
  const store = openState(context);
  const cancelled = await store.schedule.cancel(id).finally(() => store.close());
  if (!cancelled)
    throw new TapbackError("SCHEDULE_UNKNOWN", `no scheduled message ${id} is waiting`, {
      hint: "`tapback schedule list` lists them.",
    });
  if (context.json) printJson({ id, cancelled: true });
  else printLine(`Cancelled ${id}.`);
}
