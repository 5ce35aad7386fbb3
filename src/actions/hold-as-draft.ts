import { chatKeyOf, formatTarget } from "../conversation/index.js";
import { err, ok, type Result, TapbackError } from "../platform/index.js";
import type { NewOutboxItem } from "../store/index.js";
import type { ActionDeps, Actor } from "./context.js";
import type { Conversation } from "./conversation.js";
import { unavailable } from "./failures.js";
import type { Plan } from "./plan.js";
import { type ActionName, rowOf } from "./rows/index.js";

/** What an agent is told of an action that waits. */
export const draftWaits = "it waits as a draft until an owner says yes; nothing has happened yet";

/** A plan as a part of a draft: what it would send or do is held in the outbox (behaviour 18.1). */
export interface HeldPlan {
  draft: string;
  sends: NewOutboxItem[];
}

/**
 * Turns a plan into a part of a draft where an owner has to say yes first.
 * @param asked.approves the conversation was let in nowhere: the yes is the approval of this message (behaviour 10.3a)
 * @returns undefined where the plan may be carried out at once; `ACTION_UNAVAILABLE` when the Mac cannot do it
 */
export async function holdAsDraft(
  { store, account, bridge }: ActionDeps,
  plan: Exclude<Plan, { look: unknown }>,
  {
    actor,
    where,
    name,
    approves,
  }: { actor: Actor; where: Conversation; name: ActionName; approves: boolean },
): Promise<Result<HeldPlan | undefined, TapbackError>> {
  const { target, isGroup, chat, handle = "", identifier = "" } = where;
  const known = await store.journal.lastWritten(account, placeOf(where));
  const shown = isGroup ? known?.row.chat.name : known?.row.senderName;
  const person = handle || (isGroup ? "" : identifier) || (target.kind === "handle" ? target.handle : "");
  const to = { target, isGroup, handle: person, name: shown || person || formatTarget(target) };
  const draft = await actor.holds?.(to, approves);
  if (draft === undefined) {
    if (!approves) return ok(undefined);
    return err(new TapbackError("RECIPIENT_REFUSED", "nobody can say yes to this message"));
  }
  const { ability } = rowOf(name);
  const support = ability && (await bridge.actions.support(ability));
  if (support && !support.supported) return err(unavailable(name, support));
  const held = {
    draft,
    origin: approves ? ("approved-draft" as const) : ("turn" as const),
    ...(chat?.guid && { chatGuid: chat.guid }),
  };
  const items: NewOutboxItem[] =
    "sends" in plan
      ? plan.sends
      : [
          {
            ...{ target, chatKey: chatKeyOf(target), origin: "turn", act: plan.act },
            ...(plan.file !== undefined && { file: plan.file }),
          },
        ];
  return ok({ draft, sends: items.map((item) => ({ ...item, ...held })) });
}

function placeOf({ target, handle }: Conversation): { chatId?: number; handle?: string } {
  if (target.kind === "chat_id") return { chatId: target.chatId };
  const person = handle ?? (target.kind === "handle" ? target.handle : undefined);
  return person === undefined ? {} : { handle: person };
}
