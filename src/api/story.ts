import { parseTarget, type Target } from "../conversation/index.js";
import { chatOfTurn, meantAmong, meantChat } from "../events/index.js";
import { askedIn, draftRow, type Story } from "../facts/index.js";
import type { ActionRecord, Draft, Store, TurnError } from "../store/index.js";
import type { Reach } from "./reach.js";

/** A story without what was sent and done where a token does not reach: a turn may have written to others too. */
export async function reachedStory(story: Story, reach: Reach): Promise<Story> {
  if (!reach.isLimited) return story;
  const { entry, turn } = story;
  const { account } = entry;
  const known = await reach.chats(account);
  const asked = [...(turn ? [chatOfTurn(turn)] : []), entry.row.chat];
  const isReached = (target: Target, named?: string) =>
    reach.hasTarget(account, target, known, named ?? meantAmong(target, asked));
  const isChatReached = ({ chat, items }: ActionRecord) => {
    const target = parseTarget(chat);
    return target.ok && isReached(target.value, story.replies.find(({ id }) => items.includes(id))?.chatGuid);
  };
  return {
    entry,
    turn: turn && { ...turn, notes: [], ...(turn.error && { error: withoutCause(turn.error) }) },
    replies: story.replies.filter(({ target, chatGuid }) => isReached(target, chatGuid)),
    actions: story.actions.filter(isChatReached),
    drafts: story.drafts.filter((draft) => isReached(draft.target, namedIn(draft))),
  };
}

/** What a program said as it failed may name anybody. */
function withoutCause({ code, message }: TurnError): TurnError {
  return { code, message };
}

/** What the chat is called that a draft is for; undefined where nothing tells (behaviour 10.3b). */
export function draftedFor(draft: Draft, store: Store): Promise<string | undefined> {
  return meantChat(draft.account, { ...draft, chatGuid: namedIn(draft) }, store);
}

/** Its parts are all for one chat. */
function namedIn({ parts }: Draft): string | undefined {
  return parts.find(({ chatGuid }) => chatGuid)?.chatGuid;
}

/** A draft without the message that it answers, where that was written elsewhere: an owner may have asked for it. */
export async function reachedDraft(draft: Draft, reach: Reach, store: Store) {
  const row = await draftRow(draft, store);
  const asked = row.for && (await askedIn(draft, store));
  return asked && !reach.hasEntry(asked) ? { ...row, for: null } : row;
}
