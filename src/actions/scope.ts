import { coversTarget, type Target } from "../conversation/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { ActionContext, Actor } from "./context.js";
import { isHome } from "./conversation.js";
import { findMessage, type NamedMessage } from "./message-id.js";
import { rowInChat } from "./past.js";
import { type ActionName, rowOf } from "./rows/index.js";

/**
 * Whether a turn may act only in its own conversation (behaviour 10.3a): one that anybody but owners asked for. A person at
 * the command line, who has no turn, names whom they like.
 */
function isBound({ turnId, isOwner }: Actor): boolean {
  return turnId !== undefined && !isOwner;
}

/**
 * Judges the conversations that an action names, before anything is looked up for it: a refusal tells nothing of what there
 * is elsewhere.
 * @param named every conversation that the parameters name, not only the one that counts
 * @param region of the account, for numbers without `+`
 * @returns `TURN_SCOPE`, or undefined when the turn may act there
 */
export function outOfScope(
  actor: Actor,
  action: ActionName,
  named: Target[],
  region: string,
): TapbackError | undefined {
  if (!isBound(actor)) return undefined;
  const mayWrite = (target: Target) =>
    rowOf(action).writes === true && (actor.sendTo ?? []).some((each) => coversTarget(each, target));
  if (named.every((target) => isHome(actor.home, target, region) || mayWrite(target))) return undefined;
  return new TapbackError("TURN_SCOPE", "this turn acts in its own conversation alone", {
    hint: "Leave the target out. Other conversations are for turns that an owner asked for, and agents.list[].sendTo.",
  });
}

/**
 * Finds the message that an action is about. To a turn that acts in its own conversation alone, messages of others are the
 * same as messages that do not exist: only what is known to be of this chat, or is found in its history, is one.
 * @returns the message; `TURN_SCOPE`, or what {@link findMessage} refuses an id with
 */
export async function messageFor(
  messageId: string,
  context: ActionContext,
): Promise<Result<NamedMessage, TapbackError>> {
  const { store, account, where, clock, actor, bridge } = context;
  const chatId = where.chat?.id ?? 0;
  const found = await findMessage(messageId, store, account, chatId, clock.now());
  if (!isBound(actor)) return found;
  // Elsewhere (`sendTo`) a turn may write, not read; and without its number nobody can tell what is of this chat.
  if (!found.ok || chatId <= 0 || where !== actor.home) return err(notOfThisChat());
  if (found.value.isOfChat) return found;
  const row = await rowInChat(found.value.guid, bridge, chatId);
  return row ? ok({ guid: row.guid, fromMe: row.fromMe, isOfChat: true }) : err(notOfThisChat());
}

function notOfThisChat(): TapbackError {
  return new TapbackError("TURN_SCOPE", "no message of this conversation has this id", {
    hint: "Give MessageSidFull, the GUID, of a message of this conversation.",
  });
}
