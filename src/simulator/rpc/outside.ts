/** What the server needs of its process. */
export interface Outside {
  /** Writes one line to stdout; the line feed is added. */
  write(line: string): void;
  /** Writes text to stdout as it is. */
  writeRaw(text: string): void;
  /** Writes one line to stderr. */
  complain(line: string): void;
  /** Ends the process at once. */
  exit(code: number): never;
}
