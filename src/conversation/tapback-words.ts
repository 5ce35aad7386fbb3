import type { MessageRow, TapbackEvent } from "./message.js";
import { readableText } from "./readable-text.js";

/** A tapback that came as a sentence: from SMS, and from phones that know no better (behaviour 9.8, protocol reference 9.8). */
export interface SpokenTapback {
  kind: string;
  emoji: string;
  added: boolean;
  /** The words of the message that it is on; undefined where it is on a file (`Loved an image`). */
  quoted?: string;
}

const added: Readonly<Record<string, Pick<TapbackEvent, "kind" | "emoji">>> = {
  loved: { kind: "love", emoji: "❤️" },
  liked: { kind: "like", emoji: "👍" },
  disliked: { kind: "dislike", emoji: "👎" },
  "laughed at": { kind: "laugh", emoji: "😂" },
  emphasized: { kind: "emphasis", emoji: "‼️" },
  emphasised: { kind: "emphasis", emoji: "‼️" },
  questioned: { kind: "question", emoji: "❓" },
  "reacted with a sticker to": { kind: "sticker", emoji: "" },
};
const removed: Readonly<Record<string, Pick<TapbackEvent, "kind" | "emoji">>> = {
  heart: added.loved!,
  like: added.liked!,
  dislike: added.disliked!,
  laugh: added["laughed at"]!,
  exclamation: added.emphasized!,
  "question mark": added.questioned!,
  sticker: { kind: "sticker", emoji: "" },
};

// Whether a word that stands where an emoji may stand is one, is asked afterwards.
const words = new RegExp(
  String.raw`^(?:(?<verb>${Object.keys(added).join("|")})|reacted (?<with>\S+) to|(?<to>\S+) to|removed an? (?:(?<what>${Object.keys(removed).join("|")})|(?<off>\S+)) from) (?<on>.+)$`,
  "isu",
);
// V8 works on the pattern for 30 ms, which few programs need. It is with regard to case: without, that is a tenth of a second.
let emoji: RegExp | undefined;
const anEmoji = String.raw`\p{RGI_Emoji}`;
const file =
  /^an? (?:image|photo|picture|video|movie|audio message|voice message|attachment|sticker|contact)$/i;

/** Longer ones are no tapback: a quoted text is cut by the phones that send it. */
const longest = 5000;

/** Reads a sentence that may be a tapback. Whether it is one depends on whether the quoted message is known. */
export function tapbackInWords(text: string): SpokenTapback | undefined {
  if (text.length > longest) return undefined;
  const groups = words.exec(text.trim())?.groups;
  if (!groups) return undefined;
  const { verb, what, off, on = "" } = groups;
  const own = groups.with ?? groups.to ?? off;
  if (own !== undefined && !isEmoji(own)) return undefined;
  const named = verb ? added[verb.toLowerCase()] : what ? removed[what.toLowerCase()] : undefined;
  const sign = named ?? { kind: "custom", emoji: own! };
  const event = { ...sign, added: what === undefined && off === undefined };
  if (file.test(on)) return event;
  const quoted = /^[“"„«](.+)[”"“»]$/s.exec(on)?.[1];
  return quoted === undefined ? undefined : { ...event, quoted };
}

function isEmoji(word: string): boolean {
  emoji ??= new RegExp(`^${anEmoji}$`, "v");
  return emoji.test(word);
}

/** Whether a row is the message that a tapback in words is on. */
export function isQuotedBy(row: MessageRow, { quoted }: SpokenTapback): boolean {
  if (row.tapback) return false;
  if (quoted === undefined) return row.attachments.length > 0 || row.text.includes("\ufffc");
  const [whole, part] = [plain(row.text), plain(quoted)];
  if (whole === "" || part === "") return false;
  // Phones cut what is long.
  return part.endsWith("…") && part.length > 10
    ? whole.startsWith(part.slice(0, -1).trimEnd())
    : whole === part;
}

function plain(text: string): string {
  return readableText(text)
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\s+/g, " ");
}
