import { err, ok, type Result, TapbackError } from "../platform/index.js";
import { handleKind, normalizeHandle } from "./handle.js";

/** The services that a send to a handle may ask for. */
export type SendService = "auto" | "imessage" | "sms";

/** Where something is sent, in the forms of behaviour 8.3. */
export type Target =
  | { kind: "chat_id"; chatId: number }
  | { kind: "chat_guid"; guid: string }
  | { kind: "chat_identifier"; identifier: string }
  | { kind: "handle"; handle: string; service: SendService };

/**
 * Reads a target as a person writes it.
 * @param text `chat_id:123`, `chat_guid:…`, `chat_identifier:…`, `imessage:+1555…`, `sms:…`, `auto:…`, a number, an address
 * @param region for numbers without `+`
 * @returns the target, or an error `TARGET_INVALID` that names the accepted forms
 */
export function parseTarget(text: string, region = "US"): Result<Target, TapbackError> {
  const trimmed = text.trim();
  const [, scheme = "", rest = ""] = /^([a-z_]+):(.*)$/is.exec(trimmed) ?? [];
  switch (scheme.toLowerCase()) {
    case "chat_id": {
      const id = Number(rest.trim());
      return /^\s*\d+\s*$/.test(rest) && Number.isSafeInteger(id) && id > 0
        ? ok({ kind: "chat_id", chatId: id })
        : invalid(trimmed, "chat_id needs a whole number, e.g. chat_id:42");
    }
    case "chat_guid":
      return rest.trim()
        ? ok({ kind: "chat_guid", guid: rest.trim() })
        : invalid(trimmed, "the GUID is missing");
    case "chat_identifier":
      return rest.trim()
        ? ok({ kind: "chat_identifier", identifier: rest.trim() })
        : invalid(trimmed, "the identifier is missing");
  }
  const service =
    ({ imessage: "imessage", sms: "sms", auto: "auto" } as const)[scheme.toLowerCase()] ?? "auto";
  const handle = normalizeHandle(trimmed, region);
  const kind = handleKind(handle);
  const isAddress =
    kind === "email" ? /^[^\s@]+@[^\s@]+$/.test(handle) : kind === "phone" || /^\d{3,6}$/.test(handle);
  if (isAddress) return ok({ kind: "handle", handle, service });
  return invalid(trimmed, "a bare name is not an address");
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

function invalid(text: string, why: string): { ok: false; error: TapbackError } {
  return err(
    new TapbackError("TARGET_INVALID", `"${text}" is not a target: ${why}`, {
      hint: "Use chat_id:123, chat_guid:…, chat_identifier:…, imessage:+1555…, sms:+1555…, a phone number or an e-mail address.",
    }),
  );
}
