import { linkBalloon } from "../messages-app/deliver.js";
import type { World } from "../world/world.js";
import { foldWithinMs } from "./link-preview.js";
import type { MessageRecord } from "./messages.js";

/** A message, and the link preview that was folded into it. */
export interface Folded {
  message: MessageRecord;
  preview?: Record<string, unknown>;
}

/** Whether `preview` is the link preview that belongs to `text`. */
export function belongsTo(preview: MessageRecord, text: MessageRecord): boolean {
  return (
    preview.balloon === linkBalloon &&
    text.balloon === undefined &&
    preview.chatId === text.chatId &&
    preview.sender === text.sender &&
    preview.fromMe === text.fromMe &&
    preview.at >= text.at &&
    preview.at - text.at <= foldWithinMs &&
    preview.text !== "" &&
    text.text.includes(preview.text)
  );
}

/** @returns `url_preview` (protocol reference 4.2) */
export function previewOf(row: MessageRecord): Record<string, unknown> {
  return {
    id: row.id,
    guid: row.guid,
    balloon_bundle_id: row.balloon,
    created_at: new Date(row.at).toISOString(),
  };
}

/** Makes one message of a text and its link preview, as imsg does since 0.11.1. Oldest first. */
export function foldPreviews(world: World, rows: MessageRecord[]): Folded[] {
  const folded: Folded[] = [];
  for (const row of rows) {
    const owner =
      row.balloon === linkBalloon && world.since("0.11.1")
        ? folded.findLast(({ message, preview }) => preview === undefined && belongsTo(row, message))
        : undefined;
    if (owner === undefined) folded.push({ message: row });
    else owner.preview = previewOf(row);
  }
  return folded;
}
