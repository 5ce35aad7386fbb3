import { defaultEmojiResolver, type EmojiValue, getEmoji } from "chat";
import { type TapbackEvent, tapbackFor } from "../conversation/index.js";

/** The six tapbacks, as rows name them, by the names of the SDK; every other one is an emoji. */
const six: Readonly<Record<string, string>> = {
  love: "heart",
  like: "thumbs_up",
  dislike: "thumbs_down",
  laugh: "laugh",
  emphasis: "exclamation",
  question: "question",
};

/** What a tapback is to the SDK; undefined for a sticker, and for what could not be read. */
export function emojiOfTapback({ kind, emoji }: TapbackEvent): EmojiValue | undefined {
  const name = six[kind];
  if (name !== undefined) return getEmoji(name);
  return emoji === "" ? undefined : defaultEmojiResolver.fromGChat(emoji);
}

/** What the action `react` calls an emoji of the SDK: one of the six where it is one, else the emoji itself. */
export function tapbackOfEmoji(emoji: EmojiValue | string): string {
  const name = typeof emoji === "string" ? emoji : emoji.name;
  const shown = defaultEmojiResolver.toGChat(name);
  return tapbackFor(name) ?? tapbackFor(shown) ?? shown;
}
