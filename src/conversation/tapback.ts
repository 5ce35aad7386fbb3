/** The six tapbacks that every build can send, under the names of behaviour 11. */
export type TapbackName = "love" | "like" | "dislike" | "laugh" | "emphasize" | "question";

/** The emoji that Messages shows for each. */
export const tapbackEmoji: Readonly<Record<TapbackName, string>> = {
  love: "❤️",
  like: "👍",
  dislike: "👎",
  laugh: "😂",
  emphasize: "‼️",
  question: "❓",
};

/** Names and emoji that people and agents use (protocol reference 7.2); compared without variation selectors. */
const spellings: Readonly<Record<TapbackName, readonly string[]>> = {
  love: ["heart", "loved", "♥", "🧡", "💛", "💚", "💙", "💜", "🖤", "🤍", "🤎", "🩷", "🩵", "🩶", "😍", "🥰"],
  like: ["thumbsup", "thumbs-up", "thumbs_up", "thumbs up", "+1", "liked"],
  dislike: ["thumbsdown", "thumbs-down", "thumbs_down", "thumbs down", "-1", "disliked"],
  laugh: ["haha", "lol", "ha ha", "laughed", "🤣", "😆", "😄"],
  emphasize: ["emphasis", "emphasise", "emphasized", "exclamation", "!!", "!", "❗", "❕"],
  question: ["questioned", "?", "??", "❔", "⁉"],
};

/**
 * Reads a tapback from its name or an emoji, in any case and skin tone, with or without colons around a name.
 * @returns undefined for anything that is none of the six
 */
export function tapbackFor(nameOrEmoji: string): TapbackName | undefined {
  const wanted = plain(nameOrEmoji);
  return (Object.keys(spellings) as TapbackName[]).find(
    (name) =>
      wanted === name || wanted === plain(tapbackEmoji[name]) || spellings[name].map(plain).includes(wanted),
  );
}

/**
 * Brings a name or an emoji into the form in which they are compared: lower case, without colons, variation selectors
 * and skin tones.
 */
function plain(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^:(.+):$/, "$1")
    .replace(/[\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, "");
}
