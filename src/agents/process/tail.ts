/** Keeps the end of what a program wrote to stderr; the rest is counted, not kept. */
export class Tail {
  #text = "";
  #dropped = 0;

  /** @param maxLength UTF-16 code units kept */
  constructor(private readonly maxLength: number) {}

  /** Takes what was written next, as UTF-8. */
  push(chunk: Buffer): void {
    this.#text += chunk.toString("utf8");
    const over = this.#text.length - this.maxLength;
    if (over <= 0) return;
    this.#dropped += over;
    this.#text = this.#text.slice(over);
  }

  /** What is kept, trimmed; says when something is missing before it. */
  toString(): string {
    const kept = this.#text.trim();
    return this.#dropped > 0 ? `[… ${this.#dropped} characters before]\n${kept}` : kept;
  }
}
