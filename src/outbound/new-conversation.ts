import {
  type Chat,
  handleKind,
  hasSeveralPeople,
  normalizeHandle,
  type Target,
} from "../conversation/index.js";

/** More chats than one list gives in time (protocol reference 5.1). */
const mostChats = 1000;

/**
 * Over which service a conversation begins (`channels.imessage.service`): with somebody whom Messages has no direct chat
 * with yet, and whose service the target does not name. No e-mail address is reached by SMS.
 * @param chats the chats that Messages knows; asked only where the setting decides
 * @throws what `chats` throws
 */
export async function begunOver(
  target: Target,
  service: "imessage" | "sms" | "auto",
  chats: (limit: number) => Promise<Chat[]>,
): Promise<Target> {
  if (target.kind !== "handle" || target.service !== "auto" || service === "auto") return target;
  const { handle } = target;
  if (service === "sms" && handleKind(handle) === "email") return target;
  const isKnown = (await chats(mostChats)).some(
    (chat) => !hasSeveralPeople(chat) && normalizeHandle(chat.identifier) === handle,
  );
  return isKnown ? target : { ...target, service };
}
