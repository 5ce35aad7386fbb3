import { filesOfPerson, queueSend, targetsIn } from "../../actions/index.js";
import { defaultAccountId, normalizeId, resolveAccount } from "../../config/index.js";
import type { SentStatus } from "../../control/index.js";
import { macOf } from "../../gateway/index.js";
import { sentMessage } from "../../outbound/index.js";
import { TapbackError } from "../../platform/index.js";
import { type Context, readConfig } from "../context.js";
import { createState, openState } from "../state.js";

/** @returns what became of a sent message @param message its number or GUID @throws `NO_STATE`, `CONFIG_INVALID` */
export async function statusFromState(
  context: Context,
  account: string | undefined,
  message: string,
): Promise<SentStatus> {
  const { config } = await readConfig(context);
  const store = await openState(context);
  try {
    const id = account ? normalizeId(account) : defaultAccountId(config);
    const item = await sentMessage(store, id, message);
    return { ...item, askedBy: await store.actions.askerOf(id, item.id) };
  } finally {
    await store.close();
  }
}

/**
 * Leaves a message for the next start of the gateway.
 * @returns its numbers, and how long it waits at most
 * @throws `ACCOUNT_UNKNOWN`, and what refuses such a send
 */
export async function leaveInOutbox(
  context: Context,
  account: string | undefined,
  parameters: Record<string, unknown>,
  { text, media }: { text?: unknown; media?: unknown },
): Promise<{ ids: number[]; ttlMinutes: number }> {
  const { config } = await readConfig(context);
  const settings = resolveAccount(config, account ?? defaultAccountId(config));
  if (!settings) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${account}`);
  const named = targetsIn(parameters, settings.region);
  if (!named.ok) throw named.error;
  const store = await createState(context);
  try {
    const what = {
      account: settings.id,
      target: named.value[0]!,
      text: typeof text === "string" ? text : undefined,
      media: (media as string[] | undefined) ?? [],
    };
    const files = filesOfPerson(context.stateDir, settings.mediaMaxMb);
    const chats = (limit: number) => macOf(settings, context.home).look((reader) => reader.chats(limit));
    const rules = { ...settings, files, chats };
    const ids = await queueSend(store, what, rules, Date.now());
    return { ids, ttlMinutes: settings.outbound.ttlMinutes };
  } finally {
    await store.close();
  }
}
