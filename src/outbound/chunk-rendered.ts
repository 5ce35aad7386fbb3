import type { StyledRun } from "../conversation/index.js";
import { type ChunkOptions, divide } from "./chunk.js";
import type { Rendered } from "./markdown.js";
import { isBlank } from "./showable.js";

/** One message to send: its text, and its styles by offsets in that text. */
export interface StyledChunk {
  text: string;
  runs: StyledRun[];
}

/**
 * Divides rendered text into chunks like `chunkText`, each with its share of the runs. Text is rendered first and
 * divided then: only what is shown counts towards the limit, and no marker can be torn apart. Rendered code has no fence
 * that would need repair. A chunk that shows nothing is left out.
 */
export function chunkRendered(rendered: Rendered, options: ChunkOptions): StyledChunk[] {
  return divide(rendered.text, options, [], rendered.code).flatMap(({ start, end }) => {
    const text = rendered.text.slice(start, end);
    if (isBlank(text)) return [];
    const runs = rendered.runs.flatMap((run) => {
      const from = Math.max(run.start, start);
      const to = Math.min(run.start + run.length, end);
      return from < to ? [{ start: from - start, length: to - from, styles: run.styles }] : [];
    });
    return [{ text, runs }];
  });
}
