import type { NewOutboxItem } from "../store/index.js";
import type { ChunkMode } from "./chunk.js";
import { chunkRendered } from "./chunk-rendered.js";
import { renderMarkdown } from "./markdown.js";

/** How texts are divided. */
export interface TextRules {
  textChunkLimit: number;
  chunkMode: ChunkMode;
}

/**
 * The messages that carry a text in Markdown, one after the other (behaviour 8.1, 8.2).
 * @returns none where nothing of it is left to be read
 */
export function textParts(
  text: string,
  { textChunkLimit: limit, chunkMode: mode }: TextRules,
): (Required<Pick<NewOutboxItem, "text">> & Pick<NewOutboxItem, "runs">)[] {
  const chunks = chunkRendered(renderMarkdown(text, { styled: true }), { limit, mode });
  return chunks.map(({ text: part, runs }) => ({ text: part, ...(runs.length > 0 && { runs }) }));
}
