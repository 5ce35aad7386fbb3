import { readFileSync } from "node:fs";
import { TapbackError, writeFileAtomic } from "../../platform/index.js";
import { type Host, systemHost } from "./host.js";
import { withLock } from "./lock.js";

/** A small JSON object that several processes read and change; a changed file is noticed at the next read. */
export class JsonFile<T extends object> {
  #stamp = "";
  #value: T;

  /**
   * @param empty what a missing file stands for
   * @param host tells of changes
   */
  constructor(
    readonly path: string,
    private readonly empty: T,
    private readonly host: Pick<Host, "stamp" | "changed" | "kept"> = systemHost,
  ) {
    this.#value = empty;
  }

  /** Identity of the file's present content; changes whenever it is replaced or written. */
  get stamp(): string {
    return this.host.kept ? (this.host.stamp(this.path) ?? "none") : this.#stamp;
  }

  /** @throws `WORLD_FILE_INVALID` when the file is not a JSON object */
  read(): T {
    if (this.host.kept) return (this.host.kept.get(this.path) as T | undefined) ?? this.empty;
    const stamp = this.host.stamp(this.path) ?? "none";
    if (stamp !== this.#stamp) {
      this.#value = stamp === "none" ? this.empty : this.#parse();
      this.#stamp = stamp;
    }
    return this.#value;
  }

  /** Replaces the content by what `edit` makes of it; no other process's change is lost. */
  change(edit: (value: T) => T): T {
    if (this.host.kept) return this.#keep(edit(structuredClone(this.read())));
    return withLock(`${this.path}.lock`, () => {
      const next = edit(structuredClone(this.read()));
      writeFileAtomic(this.path, `${JSON.stringify(next, null, 2)}\n`);
      this.host.changed(this.path);
      return this.read();
    });
  }

  #keep(next: T): T {
    this.host.kept?.set(this.path, next);
    this.host.changed(this.path);
    return next;
  }

  #parse(): T {
    try {
      const value: unknown = JSON.parse(readFileSync(this.path, "utf8"));
      if (typeof value === "object" && value !== null) return value as T;
    } catch {
      // Reported below, like every other content that is not an object.
    }
    throw new TapbackError("WORLD_FILE_INVALID", `${this.path} is not a JSON object`, {
      hint: "Correct the file, or delete it to start from the defaults.",
    });
  }
}
