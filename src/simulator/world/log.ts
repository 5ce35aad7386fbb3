import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";

/** A file of JSON lines that several processes append to. */
export class Log {
  constructor(readonly path: string) {}

  /** Appends an entry, in one write. */
  add(entry: Record<string, unknown>): void {
    appendFileSync(this.path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  /** All entries; none where there is no file yet. */
  all(): Record<string, unknown>[] {
    return existsSync(this.path) ? parse(readFileSync(this.path, "utf8")) : [];
  }

  /** @returns the entries after byte `from`, and where the next look starts; -1 starts at the end */
  after(from: number): { entries: Record<string, unknown>[]; next: number } {
    if (!existsSync(this.path)) return { entries: [], next: 0 };
    const fd = openSync(this.path, "r");
    try {
      const { size } = fstatSync(fd);
      if (from < 0 || from >= size) return { entries: [], next: size };
      const bytes = Buffer.alloc(size - from);
      const read = readSync(fd, bytes, 0, bytes.length, from);
      const end = bytes.subarray(0, read).lastIndexOf(0x0a) + 1;
      return { entries: parse(bytes.toString("utf8", 0, end)), next: from + end };
    } finally {
      closeSync(fd);
    }
  }
}

/** A line that a killed process left unfinished, and the one that then ran into it, are passed over. */
function parse(text: string): Record<string, unknown>[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}
