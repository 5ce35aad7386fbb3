import type { EventLog, EventReader } from "../store/index.js";

/** One for all programs: each has its own cursor, and gives it with every request. */
const name = "api";
/** How long events are kept for programs of which none reads, milliseconds: who comes back within it misses none. */
const keptMs = 7 * 24 * 3600_000;
/** How exactly it is noted when they last read, milliseconds: reading costs no commit. */
const notedMs = 3600_000;

/**
 * Events are kept for the programs that read them over the API (behaviour 20.1b), from the first on; who reads notes it again
 * within the hour.
 * @param at milliseconds since the epoch
 * @throws where a first reader cannot be noted, for then nothing would be kept
 */
export async function keepForPrograms(events: EventLog, at: number): Promise<void> {
  const known = await readerIn(events);
  if (!known) return void (await events.follow(name, at));
  if (Math.abs(at - lastReadAt(known)) < notedMs) return;
  const noted = events.advance(name, await events.newest(), { readAt: at });
  // A full disk keeps nobody from reading.
  await noted.catch(() => {});
}

/** Ends that where no program has read for a week. @param at milliseconds since the epoch */
export async function restWithoutPrograms(events: EventLog, at: number): Promise<void> {
  const known = await readerIn(events);
  if (known && at - lastReadAt(known) > keptMs) await events.unfollow(name);
}

async function readerIn(events: EventLog): Promise<EventReader | undefined> {
  return (await events.readers()).find((each) => each.name === name);
}

function lastReadAt({ memory, since }: EventReader): number {
  const { readAt = since } = (memory ?? {}) as { readAt?: number };
  return readAt;
}
