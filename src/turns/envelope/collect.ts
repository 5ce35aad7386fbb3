import type { Envelope } from "../../conversation/index.js";
import { mayBeSameChat, shownText } from "../../conversation/index.js";
import type { JournalEntry, Store } from "../../store/index.js";
import { buildEnvelope, type EnvelopeParts } from "./envelope.js";
import { maxSources, maxText } from "./merge.js";
import { withTrueReplies } from "./replies.js";

/**
 * The envelope of the turn that waits for the same chat, with further messages in it (queue mode `collect`, behaviour 5.4).
 * @param parts what the messages would make as a turn of their own
 * @param isLimited whether a person's turns are counted against a limit: nobody's answer depends on what another has left, and
 *   nobody has a turn as a part of another's (behaviour 18.3b)
 * @returns the envelope, and the rows that the turn had before; undefined when none waits, or when together they would have to be cut: then they get a turn of their own
 */
export async function collect(
  parts: EnvelopeParts,
  store: Store,
  isLimited: (handle: string) => boolean,
): Promise<{ envelope: Envelope; had: number[] } | undefined> {
  const { accountId: account, sessionKey, entries: further } = parts;
  const { chat } = further.at(-1)!.row;
  const waiting = await store.turns.lastOfChat(sessionKey, { account, chatId: chat.id });
  // What is read along has no row that asked for an answer, of which the joint envelope would be made. What an agent was given
  // before it may have in hand still: it would not hear of more.
  if (!waiting || waiting.envelope.listening || waiting.attempt > 0) return undefined;
  if (!mayBeSameChat(waiting.envelope.chat, chat)) return undefined;
  const earlier = await store.journal.ofTurn(waiting.id);
  // Words that a command passed on are in no row as they were passed on: the joint envelope would be made without them.
  const isWhole = waiting.envelope.messages.every(({ guid, rowId }) =>
    earlier.some(({ row }) => row.guid === guid && row.rowId === rowId),
  );
  if (!isWhole) return undefined;
  const people = new Set([...earlier, ...further].map(({ row }) => row.sender));
  if (people.size > 1 && [...people].some(isLimited)) return undefined;
  const entries = [...(await withTrueReplies(earlier, account, store)), ...further];
  const length = entries.reduce((sum, { row }) => sum + shownText(row).length + 1, 0);
  if (entries.length > maxSources || length > maxText) return undefined;
  const envelope = buildEnvelope({
    ...parts,
    turnId: waiting.id,
    entries,
    // Nobody gets rights by being collected with an owner.
    isOwner: areOwners(entries),
  });
  const { context, notes } = waiting.envelope;
  return {
    envelope: {
      ...envelope,
      context: [...context, ...envelope.context],
      notes: [...notes, ...envelope.notes],
    },
    had: earlier.map(({ id }) => id),
  };
}

/** Whether every message of a turn was written by an owner over a trusted service (behaviour 3.5, 10.3a). */
export function areOwners(entries: JournalEntry[]): boolean {
  return entries.every(({ decision }) => decision?.kind === "dispatch" && decision.isOwner);
}
