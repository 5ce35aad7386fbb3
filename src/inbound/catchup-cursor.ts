import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { accountFile } from "../config/index.js";
import { makeFolder, writeFileAtomic } from "../platform/index.js";

/** How far an account's messages were handled, and which of them fail (behaviour 9.4). */
export interface CatchupCursor {
  /** When the last handled row was sent, milliseconds since the epoch. */
  lastSeenMs: number;
  lastSeenRowid: number;
  /** Milliseconds since the epoch. */
  updatedAt: number;
  /** Failures in a row, by GUID. */
  failureRetries: Record<string, number>;
  /** How far a pass that has not ended has read. */
  reading?: Reading;
  /** How far another system had come that was imported: nothing up to there is in our journal, and it was handled. */
  imported?: { ms: number; rowId: number };
}

/** The other system may have kept the time of a row in whole seconds. */
const importedFuzzMs = 1000;

/** Whether another system, whose cursor was imported, handled a row (behaviour 9.4). */
export function wasHandledElsewhere(
  { imported }: CatchupCursor,
  row: { rowId: number; sentAt: number },
): boolean {
  return imported !== undefined && row.rowId <= imported.rowId && row.sentAt < imported.ms + importedFuzzMs;
}

/** What a start after a crash need not read again: what was sent before is in the journal. */
export interface Reading {
  /** Exclusive, milliseconds since the epoch. */
  untilMs: number;
  /** So much was read at a time, milliseconds. */
  sliceMs: number;
  /** What our side sent before is in the journal as well, exclusive; absent: nothing was looked for beforehand. */
  ownUntilMs?: number;
}

/** Where an account's cursor is kept. */
export function cursorPath(stateDir: string, account: string): string {
  return accountFile(stateDir, "catchup", account);
}

/** @returns undefined when there is none, or it cannot be read: then this is a first run */
export function readCursor(path: string): CatchupCursor | undefined {
  let value: Partial<CatchupCursor> | null;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
  const { lastSeenMs, lastSeenRowid, updatedAt, failureRetries, reading, imported } = value ?? {};
  if (!Number.isFinite(lastSeenMs) || !Number.isFinite(lastSeenRowid)) return undefined;
  const counts = Object.entries(failureRetries ?? {}).filter(([, count]) => Number.isInteger(count));
  const isReading = reading && Number.isFinite(reading.untilMs) && Number.isFinite(reading.sliceMs);
  return {
    lastSeenMs: lastSeenMs!,
    lastSeenRowid: lastSeenRowid!,
    updatedAt: Number(updatedAt ?? lastSeenMs),
    failureRetries: Object.fromEntries(counts),
    ...(isReading && { reading: readingOf(reading) }),
    ...(imported && Number.isFinite(imported.ms) && Number.isFinite(imported.rowId) && { imported }),
  };
}

function readingOf({ untilMs, sliceMs, ownUntilMs }: Reading): Reading {
  const own = Number.isFinite(ownUntilMs) && { ownUntilMs };
  // Earlier versions wrote halves of a millisecond, and rows are dated in whole ones.
  return { untilMs: Math.floor(untilMs), sliceMs, ...own };
}

/** @throws the file system's error; the old cursor is then untouched, and rows are only fetched again */
export function writeCursor(path: string, cursor: CatchupCursor): void {
  makeFolder(dirname(path));
  writeFileAtomic(path, `${JSON.stringify(cursor, null, 2)}\n`);
}

/**
 * Takes over how far another system had come. A cursor that an earlier import brought and no start of ours has moved gives way to
 * one that reaches further: the other system went on answering meanwhile (behaviour 2.8). One of our own stays.
 * @throws as {@link writeCursor}
 */
export function importCursor(path: string, cursor: Omit<CatchupCursor, "reading" | "imported">): void {
  const { lastSeenMs: ms, lastSeenRowid: rowId } = cursor;
  const known = readCursor(path);
  if (known !== undefined && (isMoved(known) || known.lastSeenRowid >= rowId)) return;
  writeCursor(path, { ...cursor, imported: { ms, rowId } });
}

function isMoved({ lastSeenMs, lastSeenRowid, reading, imported }: CatchupCursor): boolean {
  return reading !== undefined || imported?.ms !== lastSeenMs || imported.rowId !== lastSeenRowid;
}
