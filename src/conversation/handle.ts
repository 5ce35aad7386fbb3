import { loadPackage } from "../platform/index.js";

const servicePrefix = /(imessage|sms|rcs|auto|tel|mailto):/iy;

/** Marks without width that copying from Contacts or a chat leaves around a number or an address. */
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const edge = /[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

/** What people and address books write between the digits of a number. */
const separators = /[\s()[\]./\-\u00b7\u2010-\u2015\u2212\u2043\ufe58\ufe63\uff0d]/g;

/** What sort of address a normal form is; short codes are never phone numbers and never get a pairing reply (behaviour 3.2). */
export type HandleKind = "phone" | "email" | "short-code" | "other";

/**
 * Brings a handle into the one form in which handles are compared (behaviour 3.2): E.164 for phone numbers, lower case
 * for addresses and alphanumeric senders, digits alone for short codes (3 to 6 digits). Only A to Z become lower case, and
 * only 0 to 9 are digits: Apple sends those, and a character that merely looks like one makes another address.
 * @param raw as typed or reported, with or without `imessage:`, `sms:`, `auto:`, `tel:` in front
 * @param region ISO 3166 alpha-2, for numbers without `+`
 * @returns the normal form; never throws: what cannot be read as a number is returned trimmed, in lower case
 */
export function normalizeHandle(raw: string, region = "US"): string {
  // The SQLite of Node 20 ends a text at this character, and would take one address for another that is shorter.
  const handle = withoutService(raw).replaceAll("\0", "\ufffd");
  // Inside an address nothing is left out: two addresses that only look alike must stay two.
  if (handle.includes("@")) return lowerCase(handle);
  // The common case, as Messages reports it.
  if (/^\+[1-9]\d{6,14}$/.test(handle)) return handle;
  const typed = handle.replace(invisible, "");
  const digits = typed.replace(separators, "");
  if (/^\d{3,6}$/.test(digits)) return digits;
  if (!/^(\+|00)?\d{7,}$/.test(digits)) return lowerCase(handle);
  // Phone metadata costs 60 to 100 ms to load, so a number that is written out in full does without it. A trunk zero
  // in brackets, "+44 (0)20 …", does not belong to the number.
  if (/^\+[1-9]\d{6,14}$/.test(digits) && !/\(\s*0\s*\)/.test(typed)) return digits;
  return parseNumber(typed.replace(/^\s*00/, "+"), region) ?? digits;
}

/** @returns whether a handle is a number as it is dialled within a country, so that its normal form depends on the region */
export function isNationalNumber(raw: string): boolean {
  const digits = withoutService(raw).replace(invisible, "").replace(separators, "");
  return /^\d{7,}$/.test(digits) && !digits.startsWith("00");
}

/** @returns the text trimmed, without any services in front (`imessage:`, `sms:`, `tel:`, also several of them) */
export function withoutService(text: string): string {
  // By hand: an expression that looks for white space at the end tries every row of it in the text.
  let end = text.length;
  while (end > 0 && edge.test(text[end - 1]!)) end--;
  for (let start = 0; ; start = servicePrefix.lastIndex) {
    while (start < end && edge.test(text[start]!)) start++;
    servicePrefix.lastIndex = start;
    if (!servicePrefix.test(text)) return text.slice(start, end);
  }
}

/** Tells what sort of address a handle is, by its normal form. */
export function handleKind(normal: string): HandleKind {
  if (normal.includes("@")) return "email";
  if (/^\+\d{7,15}$/.test(normal)) return "phone";
  if (/^\d{3,6}$/.test(normal) || /^(?=[^\p{L}]*\p{L})[\p{L}\p{M}\p{N} ._&'-]+$/u.test(normal))
    return "short-code";
  return "other";
}

/**
 * Whether a normal form is a program's: a short code, a company's name, or a company on RCS, with or without the mark that
 * Apple's filters put behind it, "(smsft)".
 */
export function isMachine(normal: string): boolean {
  return handleKind(normal) === "short-code" || /[@.]rbm\.goog(?:\(|$)/.test(normal);
}

/** Folds A to Z alone: the Kelvin sign (U+212A) folds to `k` too, and would make one address of two. */
function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

type NumberParser = ReturnType<typeof loadPackage<"libphonenumber-js/min">>["parsePhoneNumberFromString"];
let parsePhoneNumber: NumberParser | undefined;

function parseNumber(text: string, region: string): string | undefined {
  parsePhoneNumber ??= loadPackage("libphonenumber-js/min").parsePhoneNumberFromString;
  const parsed = parsePhoneNumber(text, region.toUpperCase() as never);
  return parsed?.isPossible() ? parsed.number : undefined;
}
