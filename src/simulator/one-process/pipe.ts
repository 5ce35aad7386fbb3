import { EventEmitter } from "node:events";
import type { Clock } from "../../platform/index.js";

/** How a pipe carries what is written into it. */
export interface PipeTimes {
  /** How long a piece is on its way, milliseconds. */
  latencyMs(): number;
  /** How much of what waits arrives in one piece, bytes. @param waiting at least 1 */
  piece(waiting: number): number;
}

/** At once, and whole. */
export const plainPipe: PipeTimes = { latencyMs: () => 0, piece: (waiting) => waiting };

/**
 * One direction between two parts of this process, with the face of a stream at both ends. What is read comes by the clock, in
 * pieces and in order.
 */
export class Pipe extends EventEmitter {
  writable = true;
  #waiting: Buffer[] = [];
  #size = 0;
  #ended = false;
  #moving = false;
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly times: PipeTimes,
  ) {
    super();
  }

  /** Takes what is written. @returns true, as a stream that has room */
  write(text: string | Buffer): boolean {
    if (!this.writable) return false;
    const bytes = Buffer.from(text);
    this.#waiting.push(bytes);
    this.#size += bytes.length;
    this.#move();
    return true;
  }

  /** Nothing more is written; what waits still arrives. */
  end(text?: string | Buffer): void {
    if (!this.writable) return;
    if (text !== undefined) this.write(text);
    this.writable = false;
    this.#ended = true;
    this.#move();
  }

  /** Nothing arrives any more. */
  destroy(): void {
    this.writable = false;
    this.#closed = true;
    this.#waiting = [];
  }

  #move(): void {
    if (this.#moving || this.#closed) return;
    this.#moving = true;
    this.clock.after(this.times.latencyMs(), () => {
      this.#moving = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    if (this.#closed) return;
    if (this.#size > 0) {
      const all = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting);
      const piece = Math.max(1, Math.min(this.times.piece(all.length), all.length));
      this.#waiting = piece < all.length ? [all.subarray(piece)] : [];
      this.#size = all.length - piece;
      this.emit("data", all.subarray(0, piece));
      if (this.#size > 0 || this.#ended) this.#move();
      return;
    }
    if (!this.#ended) return;
    this.#closed = true;
    this.emit("end");
  }
}
