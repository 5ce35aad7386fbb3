import type { Bridge, BridgeError } from "../bridge/index.js";
import type { OutboxItem, SendOutcome, Store } from "../store/index.js";
import { reconcile } from "./reconcile.js";
import type { SenderSettings } from "./sender-settings.js";

/**
 * Whether a message goes under a GUID of ours (behaviour 10.1): a text to a chat that exists, where the build can. SMS chats
 * and what only other calls carry go as before.
 */
export function mayBeTracked(item: OutboxItem, bridge: Bridge, settings: SenderSettings): boolean {
  const { target, text = "", file, effect, voice, chatGuid, poll } = item;
  if (poll || target.kind === "handle" || text === "" || file !== undefined || effect !== undefined || voice)
    return false;
  if (settings.transport === "applescript") return false;
  const seen = target.kind === "chat_id" ? settings.seenAs?.(target.chatId) : undefined;
  const named = target.kind === "chat_guid" ? target.guid : (seen ?? chatGuid ?? "");
  if (/^(sms|rcs);/i.test(named)) return false;
  return bridge.actions.capabilities()?.can("tracked").supported === true;
}

/**
 * Whether imsg itself said that it does not know the outcome: Messages had the message, or may have it still. Where nobody
 * answered (a child that died, a line that broke) Messages may not have heard of it.
 */
export function isInMessages({ disposition, answered }: BridgeError): boolean {
  return disposition === "unknown" && answered;
}

/** Refusals that say nothing of sends under a GUID of ours: the same is tried again. */
const passing = new Set([
  "CHILD_DOWN",
  "SERVER_BUSY",
  "LANE_BLOCKED",
  "DATABASE_LOCKED",
  "DATABASE_UNAVAILABLE",
  "PERMISSION_FULL_DISK_ACCESS",
  "REMOTE_UNREACHABLE",
  "READ_ONLY",
  "LEASE_OVER",
]);

/**
 * Whether a message that was surely not sent under its GUID goes without one. Never while an earlier try is in doubt: the
 * two could be sent both.
 */
export function goesUntracked(
  { attemptId, inDoubt, attempts }: OutboxItem,
  { code, answered, retryable }: BridgeError,
): boolean {
  if (attemptId === undefined || inDoubt || passing.has(code)) return false;
  // Nobody refused it: what had to be asked before it could not be.
  return answered || !retryable || attempts >= mostTries;
}

/** A message is tried so often under its GUID, for about two minutes, while it is refused in doubt or cannot be begun. */
const mostTries = 8;

/** Whether a message in doubt is not tried again, because nothing takes it under its GUID: it is only looked for then. */
export function isGivenUp({ inDoubt, attempts }: OutboxItem, failure: BridgeError): boolean {
  return inDoubt === true && attempts >= mostTries && !passing.has(failure.code);
}

/**
 * Asks whether Messages has a message under its GUID; the chat's history is looked through where it cannot be asked.
 * @returns `stored` when it has; undefined when it has not, or not yet
 * @throws what the bridge throws when neither can be read now
 */
export async function askAfter(
  item: OutboxItem & { attemptId: string },
  bridge: Bridge,
  store: Store,
): Promise<SendOutcome | undefined> {
  const { attemptId } = item;
  const told = await bridge.actions.sendStatus(attemptId);
  if (told.state === "done") return told.facts.isThere ? { state: "stored", guid: attemptId } : undefined;
  if (told.state === "failed") throw told.error;
  const found = await reconcile(item, bridge, store, 0);
  return found.state === "stored" ? found : undefined;
}

/** Whether a message goes under a GUID of ours. */
export function isTracked(item: OutboxItem): item is OutboxItem & { attemptId: string } {
  return item.attemptId !== undefined;
}
