import type { Traits } from "./traits.js";

/** An entry of a list of people, as the other systems read it. */
export type Entry =
  | { kind: "everyone" }
  | { kind: "handle"; handle: string }
  | { kind: "chat_id"; id: number }
  | { kind: "chat_guid" | "chat_identifier"; text: string }
  | { kind: "group"; name: string };

const service = /^(imessage|sms|auto):/i;
const chatPrefix =
  /^(?:(chat_id|chatid|chat)|(chat_guid|chatguid|guid)|(chat_identifier|chatidentifier|chatident)):/i;

/** @returns what an entry names; undefined where it names nobody */
export function readEntry(raw: unknown, { plusForAll, accessGroups, channel }: Traits): Entry | undefined {
  let text = String(raw).trim();
  if (text === "*") return { kind: "everyone" };
  if (text.startsWith("accessGroup:"))
    return accessGroups ? { kind: "group", name: text.slice("accessGroup:".length).trim() } : undefined;
  if (channel === "bluebubbles") {
    text = text
      .replace(/^bluebubbles:/i, "")
      .trim()
      .replace(/^group:(?=\d+$)/i, "chat_id:")
      .replace(/^group:/i, "chat_guid:");
    if (/^chat\d+$/i.test(text) || /^[0-9a-f]{32}$/i.test(text)) return { kind: "chat_identifier", text };
  }
  while (service.test(text)) text = text.replace(service, "").trim();
  if (text === "") return undefined;
  const [prefix, byId, byGuid] = chatPrefix.exec(text) ?? [];
  if (prefix === undefined) return { kind: "handle", handle: normalForm(text, plusForAll) };
  const rest = text.slice(prefix.length).trim();
  if (byId !== undefined) {
    const id = Number.parseInt(rest, 10);
    return Number.isFinite(id) ? { kind: "chat_id", id } : undefined;
  }
  return rest === ""
    ? undefined
    : { kind: byGuid === undefined ? "chat_identifier" : "chat_guid", text: rest };
}

/**
 * The form in which the other systems compare handles: a number got a `+` in front of its digits, in whatever region.
 * @param plusForAll false: of a number only the spaces were left out (BlueBubbles)
 */
export function normalForm(raw: string, plusForAll: boolean): string {
  let text = raw.trim();
  while (service.test(text)) text = text.replace(service, "").trim();
  if (text.includes("@")) return text.toLowerCase();
  if (plusForAll && /^(?:tel:)?[+\d\s().-]+$/i.test(text) && /\d/.test(text))
    return `+${text.replace(/[^\d]/g, "")}`;
  return text.replace(/\s+/g, "");
}
