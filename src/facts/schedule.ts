import { type Config, resolveAccount } from "../config/index.js";
import { formatTarget } from "../conversation/index.js";
import { quietHoursEnd } from "../outbound/index.js";
import { TapbackError } from "../platform/index.js";
import type { ScheduledMessage, Store } from "../store/index.js";

/** When something goes that falls due at a moment: at once, or when the quiet hours end. @returns milliseconds since the epoch */
export function goesAt(
  config: Config,
  { account, dueAt }: Pick<ScheduledMessage, "account" | "dueAt">,
): number {
  const quietHours = resolveAccount(config, account)?.outbound.quietHours ?? "";
  return (quietHours === "" ? undefined : quietHoursEnd(quietHours, dueAt)) ?? dueAt;
}

/** What is scheduled, as programs see it (behaviour 17.8). */
export function scheduleRow(scheduled: ScheduledMessage, config: Config) {
  const { id, account, sessionKey, dueAt, createdAt, item, repeat, runsTurn = false, maker } = scheduled;
  return {
    id,
    account,
    sessionKey,
    target: formatTarget(item.target),
    dueAt: new Date(dueAt).toISOString(),
    goesAt: new Date(goesAt(config, scheduled)).toISOString(),
    repeat: repeat ?? null,
    createdAt: new Date(createdAt).toISOString(),
    by: maker ? { handle: maker.handle, name: maker.name ?? null } : null,
    kind: runsTurn ? ("turn" as const) : ("message" as const),
    text: item.text ?? null,
  };
}

/** Takes something scheduled back. @throws `SCHEDULE_UNKNOWN` */
export async function cancelSchedule(store: Pick<Store, "schedule">, id: string): Promise<void> {
  if (await store.schedule.cancel(id)) return;
  throw new TapbackError("SCHEDULE_UNKNOWN", `nothing scheduled with the id ${id} is waiting`, {
    hint: "`tapback schedule list` lists them.",
  });
}
