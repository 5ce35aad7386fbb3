/**
 * Splits a byte stream into lines on 0x0A only: U+2028 and U+2029 stand raw inside messages
 * (protocol reference 12, row 1), so no text-level splitter may be used.
 */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  #skipping = false;

  /**
   * @param maxBytes longest line kept; a longer one is dropped whole and reported, the next line is read again
   * @param onLine called with each complete line, without its line feed, decoded as UTF-8, and with its bytes
   * @param onOverflow called once for each line that was too long
   */
  constructor(
    private readonly maxBytes: number,
    private readonly onLine: (line: string, bytes: Buffer) => void,
    private readonly onOverflow: (bytes: number) => void = () => {},
  ) {}

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(0x0a, start); end !== -1; end = chunk.indexOf(0x0a, start)) {
      this.#take(chunk.subarray(start, end));
      this.#finish();
      start = end + 1;
    }
    if (start < chunk.length) this.#take(chunk.subarray(start));
  }

  /** Ends the stream. @returns the text of an unfinished last line, if there was one */
  end(): string | undefined {
    if (this.#length === 0 || this.#skipping) return undefined;
    const rest = Buffer.concat(this.#parts).toString("utf8");
    this.#reset();
    return rest;
  }

  #take(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.maxBytes) {
      this.#skipping = true;
      this.#parts = [];
    }
    if (!this.#skipping && part.length > 0) this.#parts.push(part);
  }

  #finish(): void {
    if (this.#skipping) {
      const bytes = this.#length;
      this.#reset();
      this.onOverflow(bytes);
      return;
    }
    const line = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#reset();
    this.onLine(line.toString("utf8"), line);
  }

  #reset(): void {
    this.#parts = [];
    this.#length = 0;
    this.#skipping = false;
  }
}
