import { randomUUID } from "node:crypto";
import { chatKeysOf, mayBeSameChat } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import { buildEnvelope } from "./envelope/envelope.js";
import { maxSources } from "./envelope/merge.js";
import { notesFor } from "./envelope/notes.js";
import { withTrueReplies } from "./envelope/replies.js";
import type { OpenTurnDeps } from "./open-turn.js";
import type { TurnRules } from "./turn-rules.js";

/** What the agent of such a turn is told of it. */
const readsAlong =
  "Nobody addressed you: you read along in this group. What you answer with is not sent; to say or do something here, use the message tool. Mostly there is nothing to say: then answer NO_REPLY.";

/**
 * Hands messages that addressed nobody to a turn that only reads along (behaviour 18.8). They are its context in the journal,
 * so that no later turn is given them again; its rights are nobody's.
 * @param waits of one group's number, oldest first, decided as `context`
 * @param at milliseconds since the epoch
 */
export async function openListening(
  waits: JournalEntry[],
  rules: TurnRules,
  { store, claim }: Pick<OpenTurnDeps, "store" | "claim">,
  at: number,
): Promise<void> {
  const { row } = waits.at(-1)!;
  const entries = waits.filter((kept) => mayBeSameChat(kept.row.chat, row.chat));
  const place = rules.sessionOf(row, await store.bindings.find(claim.id, chatKeysOf(row)));
  const notes = await notesFor(claim.id, row.chat, store, false);
  const turnId = randomUUID();
  // A turn has so many messages; what came before them is told of as context.
  const last = entries.slice(-maxSources);
  const envelope = buildEnvelope({
    ...place,
    ...{ turnId, accountId: claim.id, isGroup: true, isOwner: false },
    context: entries.slice(0, -maxSources),
    entries: await withTrueReplies(last, claim.id, store),
    notes: [readsAlong, ...notes.texts],
    includeAttachments: rules.policy.includeAttachments,
  });
  const turn = {
    id: turnId,
    account: claim.id,
    ...place,
    envelope: { ...envelope, listening: true as const },
  };
  const carried = [...entries.map(({ id }) => id), ...notes.ids];
  await store.turns.open(claim, turn, [], carried, at);
}
