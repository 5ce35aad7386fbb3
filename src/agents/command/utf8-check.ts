import { outputError } from "./exit.js";

/** Looks whether a program's output is text, as it comes. */
export class Utf8Check {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });

  /** @throws AGENT_OUTPUT for bytes that are no UTF-8, and for a NUL, which no text has */
  push(chunk: Buffer): void {
    if (chunk.includes(0)) throw binary();
    this.#decode(chunk);
  }

  /** @throws AGENT_OUTPUT when the output ends in the middle of a character */
  end(): void {
    this.#decode();
  }

  #decode(chunk?: Buffer): void {
    try {
      this.#decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw binary();
    }
  }
}

function binary() {
  return outputError(
    "The program wrote what is no text in UTF-8",
    'Print text in UTF-8; a file goes into the folder TAPBACK_TEMP, and its path into `media` with `output: "jsonl"` or after MEDIA: in a line.',
  );
}
