import { closeSync, existsSync, openSync, readSync, truncateSync } from "node:fs";

/** Bytes of a WAL file's own header, and of each frame's before its page (sqlite.org/fileformat2.html#the_write_ahead_log). */
const walHeader = 32;
const frameHeader = 24;

interface Mark {
  salt: string;
  frames: number;
}

/**
 * What a power cut leaves of a state database: the commits up to the last one that was forced to the disk. Marks stand where
 * the log and its index say that they stand (sqlite.org/walformat.html).
 */
export class Power {
  #forced: Mark | undefined;
  #isFull = false;
  /** What the log had when the transaction began. */
  #before: Mark | undefined;

  /**
   * @param path of the database
   * @param before what was safe when the process died that had it before: the machine went on, and nothing else was forced
   */
  constructor(
    private readonly path: string,
    before?: Mark,
  ) {
    this.#forced = before;
  }

  /** Told of each statement without values. */
  executed(sql: string): void {
    if (sql.startsWith("PRAGMA synchronous")) this.#isFull = sql.endsWith("FULL");
    if (sql.startsWith("BEGIN")) this.#before = this.#mark();
    if (sql !== "COMMIT" || !this.#isFull) return;
    const now = this.#mark();
    // A commit that wrote nothing forces nothing.
    if (now?.salt !== this.#before?.salt || now?.frames !== this.#before?.frames) this.#forced = now;
  }

  /** What is safe now; to be asked before the database is closed. */
  get safe(): Mark | undefined {
    const now = this.#mark();
    if (now === undefined) return undefined;
    const checkpointed = now.backfilled;
    if (this.#forced === undefined || this.#forced.salt !== now.salt)
      return { salt: now.salt, frames: checkpointed };
    return { salt: now.salt, frames: Math.max(this.#forced.frames, checkpointed) };
  }

  #mark(): (Mark & { backfilled: number }) | undefined {
    const wal = firstBytes(`${this.path}-wal`, walHeader);
    const index = firstBytes(`${this.path}-shm`, 104);
    if (wal === undefined || index === undefined) return undefined;
    return {
      salt: wal.toString("hex", 16, 24),
      frames: index.readUInt32LE(16),
      backfilled: index.readUInt32LE(96),
    };
  }
}

/** Takes from a copied database what a power cut takes. */
export function cutPower(path: string, safe: Mark | undefined): void {
  const wal = `${path}-wal`;
  const head = firstBytes(wal, walHeader);
  if (safe === undefined || head === undefined || head.toString("hex", 16, 24) !== safe.salt) return;
  const page = head.readUInt32BE(8);
  truncateSync(wal, safe.frames === 0 ? 0 : walHeader + safe.frames * (frameHeader + page));
}

function firstBytes(path: string, count: number): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const fd = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(count);
    return readSync(fd, bytes, 0, count, 0) === count ? bytes : undefined;
  } finally {
    closeSync(fd);
  }
}
