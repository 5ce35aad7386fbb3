import { deleteMessage, edit, unsend } from "../../messages-app/change.js";
import type { ChatRow } from "../../messages-app/chats.js";
import type { Written } from "../../messages-app/insert.js";
import { react, tapbackKind } from "../../messages-app/tapback.js";
import { messageByGuid, type Target } from "../../messages-app/threads.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import { type Call, type Method, messageParameters } from "../method.js";
import { type Addressed, dylibError, existing, targetAnd } from "../target.js";

const editTexts = ["text", "new_text", "newText", "edited_message"];

/** What the helper did to a message. */
export interface Changed {
  chat: ChatRow;
  target: Target;
}

/** @returns the GUID of the message that is named */
function messageOf({ params }: Call): string {
  const guid = params.text(...messageParameters)?.trim();
  if (!guid) throw invalidParams("message_id or message_guid is required");
  return guid;
}

/** Passes the bridge, and finds chat and message. */
async function changed(call: Call, action: string, where: Addressed, guid: string): Promise<Changed> {
  await passBridge(call, action);
  const chat = existing(call, where, action);
  const target = messageByGuid(call.world, guid.replace(/^(p:\d+\/|bp:)/, ""));
  if (target === undefined || !target.chatIds.includes(chat.id))
    throw dylibError(call, action, `Message not found: ${guid}`);
  return { chat, target };
}

/** Puts the account's tapback on a message, or takes it off. */
export const tapback = overBridge(
  async (call: Call): Promise<Changed & { reaction: string; written: Written; kind?: string }> => {
    const { params, world } = call;
    const [where, { guid, sign, remove, kind }] = targetAnd(call, () => ({
      guid: messageOf(call),
      ...reactionOf(call),
    }));
    const { chat, target } = await changed(call, "send-reaction", where, guid);
    const part = params.integer("part_index", "partIndex") ?? 0;
    const written = react(world, { chat, from: "me", target, kind: sign, remove, part });
    const reaction = `${remove ? "remove-" : ""}${sign}`;
    return { chat, target, written, reaction, ...(kind ? { kind } : {}) };
  },
);

/** Which tapback is asked for. */
function reactionOf({ params, world }: Call): { sign: string; remove: boolean; kind?: string } {
  const emoji = world.since("0.19.0") ? params.text("emoji") : undefined;
  const given = emoji ?? params.text("reaction", "kind", "emoji") ?? "";
  if (given.trim() === "") throw invalidParams("reaction, kind, or emoji is required");
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
  return kind ? { sign: kind.send, remove, kind: kind.send } : { sign: given.trim(), remove };
}

/** Changes the text of an own message. */
export const editOwn = overBridge(async (call: Call): Promise<Changed> => {
  const [where, { guid, text }] = targetAnd(call, () => ({ guid: messageOf(call), text: newTextOf(call) }));
  const found = await changed(call, "edit-message", where, guid);
  if (!found.target.fromMe) throw dylibError(call, "edit-message", "Only own messages can be edited");
  edit(call.world, found.target, text);
  return found;
});

function newTextOf({ params }: Call): string {
  const text = params.text(...editTexts);
  if (!text) throw invalidParams("text is required");
  return text;
}

/** For what is told nothing but the message. */
async function named(call: Call, action: string): Promise<Changed> {
  const [where, guid] = targetAnd(call, () => messageOf(call));
  return await changed(call, action, where, guid);
}

/** Takes an own message back. */
export const unsendOwn = overBridge(async (call: Call): Promise<Changed> => {
  const found = await named(call, "unsend-message");
  if (!found.target.fromMe) throw dylibError(call, "unsend-message", "Only own messages can be unsent");
  unsend(call.world, found.target);
  return found;
});

/** Deletes a message on this Mac alone. */
export const deleteLocally = overBridge(async (call: Call): Promise<Changed> => {
  const found = await named(call, "delete-message");
  deleteMessage(call.world, found.target);
  return found;
});

/** Notifies the other side although its notifications are silenced. */
export const notifyAnyways = overBridge(async (call: Call): Promise<Changed> => {
  const found = await named(call, "notify-anyways");
  const { chat, target } = found;
  call.world.events.add({ at: call.world.now(), event: "notified", chatGuid: chat.guid, guid: target.guid });
  return found;
});

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
