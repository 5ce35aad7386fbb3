import { localTime } from "../../../platform/index.js";
import { clip, harmless } from "../../columns.js";
import type { StoryEvent } from "../story.js";
import type { Paint } from "./paint.js";

const marks: Record<StoryEvent["kind"], string> = {
  in: "→",
  held: "◦",
  passed: "✓",
  agent: "✦",
  out: "←",
  failed: "!",
  note: "·",
};

/** One event on one line. */
export function layEvent({ at, kind, text }: StoryEvent, width: number, paint: Paint): string {
  const time = localTime(at, at);
  const line = clip(harmless(text).replace(/\s+/g, " "), Math.max(1, width - time.length - 3));
  const mark =
    kind === "passed" || kind === "out"
      ? paint("good", marks[kind])
      : kind === "failed"
        ? paint("bad", marks[kind])
        : marks[kind];
  return `${paint("faint", time)} ${mark} ${kind === "note" ? paint("faint", line) : line}`;
}
