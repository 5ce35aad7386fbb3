import { err, ok, type Result, TapbackError } from "../platform/index.js";
import { namesSameChat } from "./chat.js";
import { handleKind, normalizeHandle, withoutService } from "./handle.js";

/** The services that a send to a handle may ask for. */
export type SendService = "auto" | "imessage" | "sms";

/** A chat that Messages already has. */
export type ChatTarget =
  | { kind: "chat_id"; chatId: number }
  | { kind: "chat_guid"; guid: string }
  | { kind: "chat_identifier"; identifier: string };

/** Where something is sent, in the forms of behaviour 8.3. */
export type Target = ChatTarget | { kind: "handle"; handle: string; service: SendService };

/**
 * Reads a target as a person writes it.
 * @param text `chat_id:123`, `chat_guid:…`, `chat_identifier:…`, `imessage:+1555…`, `sms:…`, `auto:…`, a number, an address
 * @param region for numbers without `+`
 * @returns the target, or an error `TARGET_INVALID` that names the accepted forms
 */
export function parseTarget(text: string, region = "US"): Result<Target, TapbackError> {
  const chat = readChatTarget(text);
  if (chat?.kind === "invalid") return invalid(text, chat.why);
  if (chat) return ok(chat);
  const handle = normalizeHandle(text, region);
  const kind = handleKind(handle);
  const isAddress =
    kind === "email" ? /^[^\s@]+@[^\s@]+$/.test(handle) : kind === "phone" || /^\d{3,6}$/.test(handle);
  if (isAddress) return ok({ kind: "handle", handle, service: serviceIn(text) });
  return invalid(text, handle === "" ? "it is empty" : "a bare name is not an address");
}

/**
 * Reads a chat target, with or without a service in front.
 * @returns undefined when the text is not written as a chat target; `invalid` when it is, but says no chat
 */
export function readChatTarget(text: string): ChatTarget | { kind: "invalid"; why: string } | undefined {
  const match = /^chat_?(id|guid|identifier)\s*:\s*(.*)$/is.exec(withoutService(text));
  if (!match) return undefined;
  const rest = match[2]!;
  switch (match[1]!.toLowerCase()) {
    case "id": {
      const id = Number(rest);
      return /^\d+$/.test(rest) && Number.isSafeInteger(id) && id > 0
        ? { kind: "chat_id", chatId: id }
        : { kind: "invalid", why: "chat_id needs a whole number, e.g. chat_id:42" };
    }
    case "guid":
      return rest ? { kind: "chat_guid", guid: rest } : { kind: "invalid", why: "the GUID is missing" };
    default:
      return rest
        ? { kind: "chat_identifier", identifier: rest }
        : { kind: "invalid", why: "the identifier is missing" };
  }
}

/** Writes a target in the form that {@link parseTarget} reads. */
export function formatTarget(target: Target): string {
  switch (target.kind) {
    case "chat_id":
      return `chat_id:${target.chatId}`;
    case "chat_guid":
      return `chat_guid:${target.guid}`;
    case "chat_identifier":
      return `chat_identifier:${target.identifier}`;
    case "handle":
      return target.service === "auto" ? target.handle : `${target.service}:${target.handle}`;
  }
}

/**
 * Whether an allowed target covers a named one. A person who is allowed without a service is allowed over every
 * service. A chat is the same however its GUID begins, by its identifier too.
 */
export function coversTarget(allowed: Target, named: Target): boolean {
  if (allowed.kind === "handle" && named.kind === "handle" && allowed.handle === named.handle)
    return allowed.service === "auto" || allowed.service === named.service;
  const [first, second] = [chatNameOf(allowed), chatNameOf(named)];
  if (first !== undefined && second !== undefined) return namesSameChat(first, second);
  return formatTarget(allowed) === formatTarget(named);
}

/** The GUID or identifier that a target names; undefined for numbers of chats and for people. */
function chatNameOf(target: Target): string | undefined {
  if (target.kind === "chat_guid") return target.guid;
  return target.kind === "chat_identifier" ? target.identifier : undefined;
}

/** Finds the service in front of a handle: the first prefix that names one. `tel:` and `mailto:` name none. */
function serviceIn(text: string): SendService {
  let rest = text.trim();
  for (let match = /^([a-z]+):\s*/i.exec(rest); match; match = /^([a-z]+):\s*/i.exec(rest)) {
    const name = match[1]!.toLowerCase();
    if (name === "imessage" || name === "sms" || name === "auto") return name;
    rest = rest.slice(match[0].length);
  }
  return "auto";
}

function invalid(text: string, why: string): { ok: false; error: TapbackError } {
  return err(
    new TapbackError("TARGET_INVALID", `"${text.trim()}" is not a target: ${why}`, {
      hint: "Use chat_id:123, chat_guid:…, chat_identifier:…, imessage:+1555…, sms:+1555…, a phone number or an e-mail address.",
    }),
  );
}
