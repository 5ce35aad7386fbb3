import type { ChatRow } from "../../messages-app/chats.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import type { Call, Method } from "../method.js";
import { addressed, dylibError, existing } from "../target.js";

/** The chat whose people would get the account's Name & Photo: one of iMessage (protocol reference 3.3). */
async function sharedIn(call: Call, action: string, reading: boolean): Promise<ChatRow> {
  const where = addressed(call);
  await passBridge(call, action, reading);
  const chat = existing(call, where, action);
  if (chat.service !== "iMessage")
    throw dylibError(call, action, "Name & Photo sharing requires an iMessage chat");
  return chat;
}

/** Name & Photo, Apple's contact card: whether Messages would offer to share it in a chat, and sharing it. */
export const namePhotoMethods: Record<string, Method> = {
  "contacts.shouldShareContact": {
    lane: "read",
    withoutDatabase: true,
    run: async (call) => {
      const { guid } = await sharedIn(call, "should-offer-nickname-sharing", true);
      const has = call.world.settings().namePhoto;
      const wasShared = call.world.events
        .all()
        .some(({ event, chatGuid }) => event === "name-photo" && chatGuid === guid);
      return {
        ok: true,
        can_inspect_offer: true,
        can_share: true,
        personal_nickname_loaded: true,
        has_personal_nickname: has,
        should_offer: has && !wasShared,
      };
    },
  },
  "contacts.shareContactCard": {
    lane: "mutation",
    run: overBridge(async (call: Call) => {
      const { world } = call;
      const { guid } = await sharedIn(call, "share-nickname", false);
      if (!world.settings().namePhoto)
        throw dylibError(call, "share-nickname", "No personal Name & Photo is configured in Messages");
      world.events.add({ at: world.now(), event: "name-photo", chatGuid: guid });
      return { ok: true, requested: true };
    }),
  },
};
