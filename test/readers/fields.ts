import type { Said } from "./rich-world.js";

/** By name: the value as it was said, and as it was read. */
export type Fields = Record<string, [wanted: unknown, got: unknown]>;

/** By the last digit of a tapback's type (protocol reference 7.2). */
export const tapbackNames = ["love", "like", "dislike", "laugh", "emphasize", "question", "emoji", "sticker"];

/** Own rows carry the peer's handle in a direct chat and none in a group (protocol reference 8.2). */
export function senderOf({ from, isGroup, chatIdentifier }: Said): string | null {
  if (from !== "me") return from;
  return isGroup ? null : chatIdentifier;
}
