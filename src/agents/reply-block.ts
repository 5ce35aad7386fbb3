import type { TapbackError } from "../platform/index.js";
import type { AgentEvent } from "./contract.js";
import { checkMedia, type MediaRoots } from "./media.js";
import type { TextEvent } from "./reply-event.js";

/**
 * Makes a block of the answer of a text event: files that may not be sent are left out, the text stays.
 * @returns the block, absent when nothing is left, and the files that were refused, each as it was named, and why
 */
export async function replyBlock(
  { text, media = [] }: TextEvent,
  roots: MediaRoots,
): Promise<{ block?: AgentEvent; refused: { path: string; error: TapbackError }[] }> {
  const allowed: string[] = [];
  const refused: { path: string; error: TapbackError }[] = [];
  for (const path of media) {
    const checked = await checkMedia(path, roots);
    if (checked.ok) allowed.push(checked.value);
    else refused.push({ path, error: checked.error });
  }
  if (text.trim() === "" && allowed.length === 0) return { refused };
  return { block: { type: "text", text, ...(allowed.length > 0 ? { media: allowed } : {}) }, refused };
}
