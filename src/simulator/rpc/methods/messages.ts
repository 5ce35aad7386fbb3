import { deleteMessage, edit, unsend } from "../../messages-app/change.js";
import type { ChatRow } from "../../messages-app/chats.js";
import type { Written } from "../../messages-app/insert.js";
import { react, tapbackKind } from "../../messages-app/tapback.js";
import { messageByGuid, type Target } from "../../messages-app/threads.js";
import { passBridge } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import { type Call, type Method, messageParameters } from "../method.js";
import { dylibError, targetChat } from "../target.js";

const editTexts = ["text", "new_text", "newText", "edited_message"];

/** What the helper did to a message. */
export interface Changed {
  chat: ChatRow;
  target: Target;
}

/** Finds chat and message, and passes the bridge. */
async function changed(call: Call, action: string): Promise<Changed> {
  const guid = call.params.text(...messageParameters);
  if (!guid) throw invalidParams("message_id or message_guid is required");
  const chat = targetChat(call, action);
  await passBridge(call, action);
  const target = messageByGuid(call.world, guid.replace(/^(p:\d+\/|bp:)/, ""));
  if (target === undefined || !target.chatIds.includes(chat.id))
    throw dylibError(call, action, `Message not found: ${guid}`);
  return { chat, target };
}

/** Puts the account's tapback on a message, or takes it off. */
export async function tapback(
  call: Call,
): Promise<Changed & { reaction: string; written: Written; kind?: string }> {
  const { params, world } = call;
  const emoji = world.since("0.19.0") ? params.text("emoji") : undefined;
  const given = emoji ?? params.text("reaction", "kind", "emoji");
  if (!params.text(...messageParameters)) throw invalidParams("message_id or message_guid is required");
  if (!given) throw invalidParams("reaction, kind, or emoji is required");
  const name = given
    .trim()
    .toLowerCase()
    .replace(/^remove-/, "");
  const remove = (params.flag("remove") ?? false) || name !== given.trim().toLowerCase();
  // The six classic emoji are their tapbacks, with and without the mark of an emoji (protocol reference 25).
  const kind = tapbackKind(name) ?? (emoji && tapbackKind(name.replaceAll("\ufe0f", "")));
  if (!kind && (emoji === undefined || !/\p{Emoji}/u.test(emoji)))
    throw invalidParams(
      `unsupported tapback reaction ${given}; use love, like, dislike, laugh, emphasize, or question`,
    );
  const { chat, target } = await changed(call, "send-reaction");
  const part = params.integer("part_index", "partIndex") ?? 0;
  const sign = kind ? kind.send : given.trim();
  const written = react(world, { chat, from: "me", target, kind: sign, remove, part });
  const reaction = `${remove ? "remove-" : ""}${sign}`;
  return { chat, target, written, reaction, ...(kind ? { kind: kind.send } : {}) };
}

/** Changes the text of an own message. */
export async function editOwn(call: Call): Promise<Changed> {
  const text = call.params.text(...editTexts);
  if (!text) throw invalidParams("text is required");
  const found = await changed(call, "edit-message");
  if (!found.target.fromMe) throw dylibError(call, "edit-message", "Only own messages can be edited");
  edit(call.world, found.target, text);
  return found;
}

/** Takes an own message back. */
export async function unsendOwn(call: Call): Promise<Changed> {
  const found = await changed(call, "unsend-message");
  if (!found.target.fromMe) throw dylibError(call, "unsend-message", "Only own messages can be unsent");
  unsend(call.world, found.target);
  return found;
}

/** Deletes a message on this Mac alone. */
export async function deleteLocally(call: Call): Promise<Changed> {
  const found = await changed(call, "delete-message");
  deleteMessage(call.world, found.target);
  return found;
}

/** Notifies the other side although its notifications are silenced. */
export async function notifyAnyways(call: Call): Promise<Changed> {
  const found = await changed(call, "notify-anyways");
  const { chat, target } = found;
  call.world.events.add({ at: call.world.now(), event: "notified", chatGuid: chat.guid, guid: target.guid });
  return found;
}

/** A method that answers `{"ok":true}`. */
function simple(action: (call: Call) => Promise<Changed>): Method {
  return {
    lane: "mutation",
    run: async (call) => {
      await action(call);
      return { ok: true };
    },
  };
}

export const messageMethods: Record<string, Method> = {
  tapback: {
    lane: "mutation",
    run: async (call) => {
      const { reaction, kind } = await tapback(call);
      return kind === undefined ? { ok: true, emoji: reaction } : { ok: true, reaction };
    },
  },
  "message.edit": simple(editOwn),
  "message.unsend": simple(unsendOwn),
  "message.delete": simple(deleteLocally),
  "message.notifyAnyways": simple(notifyAnyways),
};
