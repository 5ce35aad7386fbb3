import { normalizeHandle } from "../../../conversation/index.js";
import { markRead } from "../../messages-app/change.js";
import { type ChatRow, chatByAnyName } from "../../messages-app/chats.js";
import { overBridge, passBridge, sipText } from "../bridge-gate.js";
import { internal, invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";
import { type Addressed, addressed, existing, givenTarget } from "../target.js";

/** The chat of a method that takes `to` as well. */
function chatOrPeer(call: Call): Addressed {
  const given = givenTarget(call);
  if (given.to !== undefined)
    return { chat: chatByAnyName(call.world, normalizeHandle(given.to)), name: given.to };
  if (Object.keys(given).length === 0) throw invalidParams("to is required");
  return addressed(call);
}

/** Shows or hides the account's typing bubble. Without the helper it is refused as macOS 26 does. */
export const typing = overBridge(async (call: Call): Promise<void> => {
  const { world, params } = call;
  const on = params.flag("typing") ?? true;
  const action = on ? "start-typing" : "stop-typing";
  const where = chatOrPeer(call);
  const service = params.text("service") ?? "imessage";
  // It matters for a person only; before 0.14.0 it is named without more words.
  if (params.text("to") && !["imessage", "sms", "auto"].includes(service.toLowerCase()))
    throw invalidParams(world.since("0.14.0") ? `Invalid service: ${service}` : service);
  const { bridge, sip } = world.settings();
  if (!bridge && sip !== "disabled") throw internal(`Typing indicator failed: ${sipText}`);
  await passBridge(call, action);
  const chat = existing(call, where, action);
  world.events.add({ at: world.now(), event: "typing", chatGuid: chat.guid, on });
});

/** Marks a chat as read and sends read receipts. */
export const read = overBridge(async (call: Call): Promise<ChatRow> => {
  const where = chatOrPeer(call);
  await passBridge(call, "mark-chat-read");
  const chat = existing(call, where, "mark-chat-read");
  markRead(call.world, chat.id);
  call.world.events.add({ at: call.world.now(), event: "read", chatGuid: chat.guid });
  return chat;
});

/** Whether an address is reachable over iMessage. */
export function lookUpHandle(call: Call): Record<string, unknown> {
  const { params } = call;
  const given = params.text("address");
  if (!given) throw invalidParams("address is required");
  const address = normalizeHandle(given);
  const type = params.text("alias_type") ?? (address.includes("@") ? "email" : "phone");
  const destination = `${type === "email" ? "mailto" : "tel"}:${address}`;
  const known = call.world.sql("SELECT 1 FROM handle WHERE id = ? AND service = 'iMessage'").get(address);
  const onlySms = call.world.sql("SELECT 1 FROM handle WHERE id = ? AND service = 'SMS'").get(address);
  const available = known !== undefined || onlySms === undefined;
  return { address, alias_type: type, destination, id_status: available ? 1 : 2, available };
}

export const presenceMethods: Record<string, Method> = {
  typing: {
    lane: "mutation",
    run: async (call) => {
      await typing(call);
      return { ok: true };
    },
  },
  read: {
    lane: "mutation",
    run: async (call) => {
      await read(call);
      return { ok: true };
    },
  },
  "handles.check": {
    lane: "read",
    withoutDatabase: true,
    run: async (call) => {
      const found = lookUpHandle(call);
      await passBridge(call, "check-imessage-availability", true);
      return { ok: true, ...found, service: "iMessage" };
    },
  },
};
