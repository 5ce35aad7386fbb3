import { toAppleTime } from "../chat-db/apple-time.js";
import type { World } from "../world/world.js";
import type { ChatRow } from "./chats.js";
import { type Actor, senderHandle } from "./deliver.js";
import type { NewMessage } from "./insert.js";

/** What every row of somebody's act in a chat has; inside a transaction, because a handle may be new. */
export function messageColumnsOf(
  world: World,
  act: { chat: ChatRow; from: Actor; at?: number },
): Omit<NewMessage, "text"> {
  const fromMe = act.from === "me";
  const at = act.at ?? world.now();
  return {
    chatId: act.chat.id,
    handleId: senderHandle(world, act, fromMe),
    fromMe,
    service: act.chat.service,
    destination: world.settings().me[0] ?? null,
    at,
    columns: {
      is_sent: fromMe ? 1 : 0,
      is_delivered: fromMe ? 1 : 0,
      date_delivered: fromMe ? toAppleTime(at) : 0,
    },
  };
}
