import { parseTarget } from "../conversation/index.js";
import { askedIn, draftRow, type Story } from "../facts/index.js";
import type { Draft, OutboxItem, Store, TurnError } from "../store/index.js";
import type { Reach } from "./reach.js";

/** A story without what was sent and done where a token does not reach: a turn may have written to others too. */
export async function reachedStory(story: Story, reach: Reach): Promise<Story> {
  if (!reach.isLimited) return story;
  const { entry, turn } = story;
  const { account } = entry;
  const known = await reach.chats(account);
  const isReached = ({ target }: Pick<OutboxItem, "target">) => reach.hasTarget(account, target, known);
  const isChatReached = (chat: string) => {
    const target = parseTarget(chat);
    return target.ok && isReached({ target: target.value });
  };
  return {
    entry,
    turn: turn && { ...turn, notes: [], ...(turn.error && { error: withoutCause(turn.error) }) },
    replies: story.replies.filter(isReached),
    actions: story.actions.filter(({ chat }) => isChatReached(chat)),
    drafts: story.drafts.filter(isReached),
  };
}

/** What a program said as it failed may name anybody. */
function withoutCause({ code, message }: TurnError): TurnError {
  return { code, message };
}

/** A draft without the message that it answers, where that was written elsewhere: an owner may have asked for it. */
export async function reachedDraft(draft: Draft, reach: Reach, store: Store) {
  const row = await draftRow(draft, store);
  const asked = row.for && (await askedIn(draft, store));
  return asked && !reach.hasEntry(asked) ? { ...row, for: null } : row;
}
