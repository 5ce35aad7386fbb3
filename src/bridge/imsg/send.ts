import type { Target } from "../../conversation/index.js";
import { err, ok } from "../../platform/index.js";
import type { SendReceipt, SendRequest, SendResult } from "../contract.js";
import { fault } from "./faults.js";
import type { ChatKey, ImsgMethods, Recipient } from "./methods.js";

/** The parameters of `send`; only keys that every build since 0.3 takes, unless the request needs more (protocol reference 3.5). */
export function sendParams(request: SendRequest): ImsgMethods["send"]["params"] {
  const { target, text, file, transport, region, replyTo } = request;
  return {
    ...recipientOf(target),
    ...(target.kind === "handle" ? { service: target.service, region } : {}),
    text,
    file,
    ...(transport === undefined || transport === "auto" ? {} : { transport }),
    reply_to: replyTo,
  };
}

/** The one target key of a request. */
export function recipientOf(target: Target): Recipient {
  return target.kind === "handle" ? { to: target.handle } : chatKeyOf(target);
}

/** The one chat key of a request; a handle is none. */
export function chatKeyOf(target: Exclude<Target, { kind: "handle" }>): ChatKey {
  switch (target.kind) {
    case "chat_id":
      return { chat_id: target.chatId };
    case "chat_guid":
      return { chat_guid: target.guid };
    case "chat_identifier":
      return { chat_identifier: target.identifier };
  }
}

/** What an answer to `send` says; anything but `{"ok":true,…}` leaves the outcome unknown. */
export function sendResult(answer: unknown): SendResult {
  const { ok: done, guid, message_id, id, transport } = (answer ?? {}) as Record<string, unknown>;
  if (done !== true) return err(fault("PROTOCOL", { detail: "send was answered without ok" }));
  const receipt: SendReceipt = {};
  const known = [guid, message_id].find((value) => typeof value === "string" && value !== "");
  if (known !== undefined) receipt.guid = known as string;
  if (Number.isSafeInteger(id) && (id as number) > 0) receipt.rowId = id as number;
  if (typeof transport === "string") receipt.transport = transport;
  return ok(receipt);
}
