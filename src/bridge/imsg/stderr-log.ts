import { LineSplitter } from "../../platform/index.js";
import { redact } from "./redact.js";

const longestLine = 8 * 1024;
const linesPerWindow = 100;
const windowMs = 60_000;
const remembered = 5;

/**
 * Reads a child's stderr to the end, whatever it writes: at most {@link linesPerWindow} lines a minute are logged, the
 * rest is counted, so that a flood costs neither memory nor disk.
 */
export class StderrLog {
  /** Last lines, redacted: what an exit is explained with. */
  readonly last: string[] = [];
  readonly #splitter: LineSplitter;
  #windowStart = Number.NEGATIVE_INFINITY;
  #logged = 0;
  #leftOut = 0;

  /** @param now milliseconds @param log takes one redacted line */
  constructor(
    private readonly now: () => number,
    private readonly log: (line: string) => void,
  ) {
    this.#splitter = new LineSplitter(
      longestLine,
      (line) => this.#take(line),
      (bytes) => this.#take(`(a line of ${bytes} bytes was left out)`),
    );
  }

  /** Takes what the child wrote next. */
  push(chunk: Buffer): void {
    this.#splitter.push(chunk);
  }

  /** The stream ended: an unfinished line counts, and what was left out is told. */
  end(): void {
    const rest = this.#splitter.end();
    if (rest !== undefined) this.#take(rest);
    this.#tellLeftOut();
  }

  #take(raw: string): void {
    const now = this.now();
    if (now - this.#windowStart >= windowMs) {
      this.#tellLeftOut();
      this.#windowStart = now;
      this.#logged = 0;
    }
    if (this.#logged >= linesPerWindow) {
      this.#leftOut += 1;
      return;
    }
    const line = redact(raw);
    if (line === "") return;
    this.#logged += 1;
    this.last.push(line);
    if (this.last.length > remembered) this.last.shift();
    this.log(line);
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return;
    this.log(`(${this.#leftOut} more lines were left out)`);
    this.#leftOut = 0;
  }
}
