/** What an agent says when it has nothing to say; agents that came from OpenClaw say it too. */
export const silence = "NO_REPLY";

/** Longer texts hold more than the word. */
const longest = 80;
const around = "[\\s\\p{P}\\p{Cf}<>`~|^=+$]*";
const silent = new RegExp(`^${around}no\\\\?_reply${around}$`, "iu");

/** Whether a text is the word for silence alone, in any case, whatever marks stand around it (behaviour 6.3). */
export function isSilence(text: string): boolean {
  const word = text.trim();
  return word.length <= longest && silent.test(word);
}
