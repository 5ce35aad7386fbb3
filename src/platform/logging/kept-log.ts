import type { Clock } from "../clock.js";
import type { Log } from "../log.js";
import type { LogSettings } from "./create-log.js";
import { censor, fieldWords, secretKeys } from "./field-words.js";

/** A line of the log, for somebody who looks at it elsewhere. */
export interface KeptLine {
  /** Rises from line to line while the process lives. */
  id: number;
  /** Milliseconds since the epoch. */
  at: number;
  level: keyof Log;
  /** The sentence with its fields, on one line. */
  text: string;
}

const mostLines = 500;
/** Of one line, UTF-16 code units. */
const longestLine = 2000;
const levels = ["debug", "info", "warn", "error"] as const satisfies (keyof Log)[];

/** Keeps the newest lines that go to a log, as they stand there, for whoever follows it (behaviour 19.1). */
export class KeptLog implements Log {
  #lines: KeptLine[] = [];
  #count = 0;
  readonly #listeners = new Set<() => void>();

  /** @param level the least important lines that are kept; undefined: none are, and those that were are dropped */
  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly level: () => LogSettings["level"] | undefined,
  ) {}

  /** See {@link Log.debug}. */
  debug(message: string, fields?: Record<string, unknown>): void {
    this.#write("debug", message, fields);
  }

  /** See {@link Log.info}. */
  info(message: string, fields?: Record<string, unknown>): void {
    this.#write("info", message, fields);
  }

  /** See {@link Log.warn}. */
  warn(message: string, fields?: Record<string, unknown>): void {
    this.#write("warn", message, fields);
  }

  /** See {@link Log.error}. */
  error(message: string, fields?: Record<string, unknown>): void {
    this.#write("error", message, fields);
  }

  /** @returns the newest lines, oldest first @param limit at most so many */
  newest(limit: number): KeptLine[] {
    return this.#lines.slice(-limit);
  }

  /** Calls back when there is another line. @returns ends that */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #write(level: keyof Log, message: string, fields: Record<string, unknown> = {}): void {
    this.log[level](message, fields);
    const least = this.level();
    if (least === undefined) {
      this.#lines = [];
      return;
    }
    if (least !== "trace" && levels.indexOf(level) < levels.indexOf(least)) return;
    const shown = { ...fields };
    for (const key of secretKeys) if (key in shown) shown[key] = censor;
    const text = `${message}${fieldWords(shown)}`.replace(/\s+/g, " ").slice(0, longestLine);
    this.#lines.push({ id: ++this.#count, at: this.clock.now(), level, text });
    if (this.#lines.length > mostLines) this.#lines.shift();
    for (const listener of [...this.#listeners]) listener();
  }
}
