import { statSync } from "node:fs";
import { TapbackError } from "../../platform/index.js";

/**
 * Whether the files that were opened still have their names. A file that was removed or replaced is written to without any
 * error: what is kept there is lost with the end of the process.
 */
export class FileIdentity {
  readonly #database: string | undefined;
  #log: string | undefined;

  /** @param path of the database, which is open */
  constructor(private readonly path: string) {
    this.#database = nameOf(path);
  }

  /** To be asked before each commit; two looks at the folder, a few microseconds. @throws `STORE_LOST` */
  check(): void {
    if (nameOf(this.path) !== this.#database) throw lost(this.path);
    const log = nameOf(`${this.path}-wal`);
    // SQLite makes it with the first commit, and keeps it while anybody has the database open.
    this.#log ??= log;
    if (log !== this.#log) throw lost(`${this.path}-wal`);
  }
}

/** @returns what tells a file from another one of the same name; undefined when there is none */
function nameOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev}:${found.ino}`;
}

function lost(path: string): TapbackError {
  return new TapbackError("STORE_LOST", `${path} was removed or replaced while it was in use`, {
    hint: "Put the file back where it was moved away: everything goes on. Else stop the gateway, put the state directory back from a backup, or leave it away to begin anew, and start it again.",
    retryable: true,
  });
}
