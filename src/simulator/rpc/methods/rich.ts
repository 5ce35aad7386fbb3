import type { ChatRow } from "../../messages-app/chats.js";
import { deliver } from "../../messages-app/deliver.js";
import { effectId } from "../../messages-app/effects.js";
import type { StoredFile } from "../../messages-app/files.js";
import type { Written } from "../../messages-app/insert.js";
import { expandHome } from "../../world/place.js";
import { overBridge, passBridge } from "../bridge-gate.js";
import { invalidParams } from "../errors.js";
import { type Call, type Method, replyParameters } from "../method.js";
import { laterFields, stageFile, threadIn } from "../sent.js";
import { addressed, existing, targetAnd } from "../target.js";

/** What the helper did for a send. */
export interface Sent {
  chat: ChatRow;
  written: Written;
}

/** The message that a send answers. */
export function replyOf(call: Call, action: string): ReturnType<typeof threadIn> {
  return threadIn(call, call.params.text(...replyParameters), action);
}

/** Sends styled text, with effect, subject and reply, and since 0.14.0 with a file. */
export const sendRich = overBridge(async (call: Call): Promise<Sent> => {
  const { params, world, method } = call;
  const file = world.since("0.14.0") || method === "send-rich" ? params.text("file", "path") : undefined;
  const where = addressed(call);
  await passBridge(call, "send-message");
  const chat = existing(call, where, "send-message");
  const subject = params.text("subject");
  const effect = params.text("effect", "effect_id", "effectId");
  const written = deliver(
    world,
    {
      chat,
      from: "me",
      text: params.text("text", "message") ?? params.text("url") ?? "",
      files: file ? [storeOutgoing(call, file, "send-message")] : [],
      ...(subject ? { subject } : {}),
      ...(effect ? { effect: effectId(effect) } : {}),
      ...replyOf(call, "send-message"),
    },
    method,
  );
  return { chat, written };
});

/** Sends a file. @param sticker as a sticker */
export const sendAttachment = overBridge(async (call: Call, sticker: boolean = false): Promise<Sent> => {
  const { params, world, method } = call;
  const [where, file] = targetAnd(call, () => {
    const given = params.text("file", "path");
    if (!given) throw invalidParams("file is required");
    return given;
  });
  const audio = params.flag("audio", "is_audio", "as_voice") ?? false;
  await passBridge(call, "send-attachment");
  const chat = existing(call, where, "send-attachment");
  const files = [{ ...storeOutgoing(call, file, "send-attachment"), sticker }];
  return {
    chat,
    written: deliver(
      world,
      { chat, from: "me", text: "", files, audio, ...replyOf(call, "send-attachment") },
      method,
    ),
  };
});

/** Sends several texts as the parts of one message. */
export const sendMultipart = overBridge(async (call: Call): Promise<Sent & { count: number }> => {
  const { params, world, method } = call;
  const parts = params.raw("parts");
  if (!Array.isArray(parts) || parts.length < 1 || parts.length > 20)
    throw invalidParams("parts must hold 1 to 20 items");
  const where = addressed(call);
  await passBridge(call, "send-multipart");
  const chat = existing(call, where, "send-multipart");
  const text = parts.map((part) => String((part as { text?: unknown }).text ?? "")).join("");
  const effect = params.text("effect");
  const subject = params.text("subject");
  const letter = { chat, from: "me" as const, text, ...(subject ? { subject } : {}) };
  const written = deliver(world, { ...letter, ...(effect ? { effect: effectId(effect) } : {}) }, method);
  return { chat, written, count: parts.length };
});

function storeOutgoing(call: Call, given: string, operation: string): StoredFile {
  return stageFile(call, expandHome(given), { transport: "bridge", operation });
}

export const richMethods: Record<string, Method> = {
  "send.rich": {
    lane: "mutation",
    run: async (call) => {
      const sent = await sendRich(call);
      // Data detection defers the send by 100 ms, so that no GUID is known yet (protocol reference 3.2).
      const queued = call.params.flag("dd_scan", "ddScan") ?? true;
      const { guid } = sent.written;
      return {
        ok: true,
        queued,
        ...(queued ? {} : { guid, message_id: guid }),
        ...laterFields(call, sent.chat, sent.written),
      };
    },
  },
  "send.attachment": {
    lane: "mutation",
    run: async (call) => {
      const { chat, written } = await sendAttachment(call);
      const chatGuid = call.world.since("0.10.0") ? { chat_guid: chat.guid } : {};
      return { ok: true, guid: written.guid, message_id: written.guid, ...chatGuid };
    },
  },
  "send.multipart": {
    lane: "mutation",
    run: async (call) => {
      const { chat, written, count } = await sendMultipart(call);
      const { id, guid } = written;
      return { ok: true, id, guid, message_id: guid, chat_guid: chat.guid, parts_count: count };
    },
  },
  "send.sticker": {
    lane: "mutation",
    run: async (call) => {
      const { written } = await sendAttachment(call, true);
      return { ok: true, transfer_guid: written.guid, guid: written.guid, message_id: written.guid };
    },
  },
};
