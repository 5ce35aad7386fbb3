import { createRequire } from "node:module";

const servicePrefix = /^(imessage|sms|rcs|auto|tel|mailto):/i;

/** What sort of address a normal form is; short codes are never phone numbers and never get a pairing reply (behaviour 3.2). */
export type HandleKind = "phone" | "email" | "short-code" | "other";

/**
 * Brings a handle into the one form in which handles are compared (behaviour 3.2): E.164 for phone numbers, lower case
 * for addresses and alphanumeric senders, digits alone for short codes (3 to 6 digits).
 * @param raw as typed or reported, with or without `imessage:`, `sms:`, `auto:`, `tel:` in front
 * @param region ISO 3166 alpha-2, for numbers without `+`
 * @returns the normal form; never throws: what cannot be read as a number is returned trimmed, in lower case
 */
export function normalizeHandle(raw: string, region = "US"): string {
  let handle = raw.trim();
  while (servicePrefix.test(handle)) handle = handle.replace(servicePrefix, "").trim();
  if (handle.includes("@")) return handle.toLowerCase();
  const digits = handle.replace(/[\s().\-/\u00a0\u2010-\u2015\u202a-\u202e\u2066-\u2069]/g, "");
  if (/^\d{3,6}$/.test(digits)) return digits;
  // The common case needs no phone metadata: loading it costs 60 to 100 ms.
  if (/^\+\d{7,15}$/.test(digits) && !handle.includes("(0)")) return digits;
  if (!/^(\+|00)?\d{7,}$/.test(digits)) return handle.toLowerCase();
  return parseNumber(digits.startsWith("00") ? `+${digits.slice(2)}` : handle, region) ?? digits;
}

/** Tells what sort of address a handle is, by its normal form. */
export function handleKind(normal: string): HandleKind {
  if (normal.includes("@")) return "email";
  if (/^\+\d{7,15}$/.test(normal)) return "phone";
  if (/^\d{3,6}$/.test(normal) || /^[a-z][a-z0-9 _-]*$/.test(normal)) return "short-code";
  return "other";
}

type PhoneLibrary = typeof import("libphonenumber-js/min");
let phones: PhoneLibrary | undefined;

function parseNumber(text: string, region: string): string | undefined {
  phones ??= createRequire(import.meta.url)("libphonenumber-js/min") as PhoneLibrary;
  return phones.parsePhoneNumberFromString(text, region.toUpperCase() as never)?.number;
}
