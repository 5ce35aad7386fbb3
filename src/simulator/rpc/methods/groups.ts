import { normalizeHandle } from "../../../conversation/index.js";
import { messageOf } from "../../../platform/index.js";
import { markUnread } from "../../messages-app/change.js";
import { type ChatRow, createGroup, ensureDirectChat } from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import {
  addMember,
  deleteChat,
  leaveGroup,
  removeMember,
  renameGroup,
  setPhoto,
} from "../../messages-app/group.js";
import type { Written } from "../../messages-app/insert.js";
import { expandHome } from "../../world/place.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";
import { stageFile } from "../sent.js";
import { type Addressed, addressed, dylibError, existing, targetAnd } from "../target.js";

/** Opens a new chat with people, and writes into it when a text is given. */
export const createChat = overBridge(
  async (call: Call): Promise<{ chat: ChatRow; written?: Written; participants: string[] }> => {
    const { params, world, method } = call;
    const addresses = (params.list("addresses") ?? []).map((address) => normalizeHandle(address));
    if (addresses.length === 0) throw invalidParams("addresses is required (non-empty array of phone/email)");
    const service = params.text("service") ?? "iMessage";
    await passBridge(call, "create-chat");
    const isIMessage =
      service === "iMessage" || (world.since("0.15.0") && service.toLowerCase() === "imessage");
    if (!isIMessage) throw dylibError(call, "create-chat", `Unsupported service: ${service}`);
    const name = params.text("name");
    const chat = world.write(() =>
      addresses.length === 1
        ? ensureDirectChat(world, addresses[0]!)
        : createGroup(world, { members: addresses, ...(name ? { name } : {}) }),
    );
    const text = params.text("text");
    const written = text ? deliver(world, { chat, from: "me", text }, method) : undefined;
    return { chat, participants: addresses, written };
  },
);

/** Passes the bridge for something that is done to a chat. */
async function ownChat(call: Call, action: string, where = addressed(call)): Promise<ChatRow> {
  await passBridge(call, action);
  return existing(call, where, action);
}

/** As {@link ownChat}, for what only groups have. */
async function ownGroup(call: Call, action: string, where: Addressed): Promise<ChatRow> {
  const chat = await ownChat(call, action, where);
  if (!chat.isGroup) throw dylibError(call, action, "Chat is not a group");
  return chat;
}

/** Names a group; an empty name takes the name away. */
export const rename = overBridge(async (call: Call): Promise<{ chat: ChatRow; name: string }> => {
  const [where, name] = targetAnd(call, () => {
    const given = call.params.text("name");
    if (given === undefined) throw invalidParams("name is required");
    return given;
  });
  const chat = await ownGroup(call, "set-display-name", where);
  renameGroup(call.world, { chat, from: "me" }, name);
  return { chat, name };
});

/** Gives a group a picture; without a file the picture is taken away. */
export const setIcon = overBridge(
  async (call: Call): Promise<{ chat: ChatRow; file: string | undefined }> => {
    const [where, file] = targetAnd(call, () => {
      const given = call.params.text("file");
      return given ? expandHome(given) : undefined;
    });
    const operation = "update-group-photo";
    const stored = file === undefined ? undefined : stageFile(call, file, { transport: "bridge", operation });
    const chat = await ownGroup(call, operation, where);
    setPhoto(call.world, { chat, from: "me" }, stored !== undefined);
    return { chat, file: stored?.guid };
  },
);

const member = overBridge(async (call: Call, action: string, change: typeof addMember) => {
  const [where, address] = targetAnd(call, () => {
    const given = call.params.text("address");
    if (!given) throw invalidParams("address is required");
    return normalizeHandle(given);
  });
  const chat = await ownGroup(call, action, where);
  try {
    change(call.world, { chat, from: "me" }, address);
  } catch (error) {
    throw dylibError(call, action, messageOf(error));
  }
  return { chat, address };
});

/** Brings somebody into a group. */
export const addParticipant = (call: Call) => member(call, "add-participant", addMember);
/** Takes somebody out of a group. */
export const removeParticipant = (call: Call) => member(call, "remove-participant", removeMember);

/** Leaves a group. */
export const leave = overBridge(async (call: Call): Promise<{ chat: ChatRow }> => {
  const chat = await ownGroup(call, "leave-chat", addressed(call));
  leaveGroup(call.world, { chat, from: "me" });
  return { chat };
});

/** Deletes a chat, direct or group, with its messages. */
export const remove = overBridge(async (call: Call): Promise<{ chat: ChatRow }> => {
  const chat = await ownChat(call, "delete-chat");
  deleteChat(call.world, chat);
  return { chat };
});

/** Marks a chat unread, which Messages alone shows. */
export const unread = overBridge(async (call: Call): Promise<{ chat: ChatRow }> => {
  const chat = await ownChat(call, "mark-chat-unread");
  markUnread(call.world, chat.id);
  call.world.events.add({ at: call.world.now(), event: "unread", chatGuid: chat.guid });
  return { chat };
});

/** A method that answers `{"ok":true}`. */
function simple(action: (call: Call) => Promise<unknown>): Method {
  return {
    lane: "mutation",
    run: async (call) => {
      await action(call);
      return { ok: true };
    },
  };
}

export const groupMethods: Record<string, Method> = {
  "chats.create": {
    lane: "mutation",
    run: async (call) => {
      const { chat, written } = await createChat(call);
      if (!call.world.since("0.10.0")) return { ok: true, chat_guid: chat.guid };
      const sent = written === undefined ? {} : { message_guid: written.guid };
      return { ok: true, chat_guid: chat.guid, ...sent, service: chat.service };
    },
  },
  "chats.delete": simple(remove),
  "chats.markUnread": simple(unread),
  "group.rename": simple(rename),
  "group.setIcon": simple(setIcon),
  "group.addParticipant": simple(addParticipant),
  "group.removeParticipant": simple(removeParticipant),
  "group.leave": simple(leave),
};
