import type { ProgramEvent, ReaderNote } from "../../events/index.js";

/** How long a client waits before it is back, milliseconds. */
const backMs = 1000;

/** What begins and ends a stream. */
export const retryFrame = `retry: ${backMs}\n\n`;

/** Keeps what stands between from taking the connection for dead. */
export const beatFrame = ":\n\n";

/** An event as it is written into a stream. A gap has no id: what is left of the events before it would be skipped by whoever came back. */
export function frameOf(event: ProgramEvent | ReaderNote): string {
  const id = event.type === "gap" ? "" : `id: ${event.id}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
