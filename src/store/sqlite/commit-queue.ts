import { type Clock, crashPoint, type Database, TapbackError } from "../../platform/index.js";
import type { Topic } from "../changes.js";
import type { StoreHealth } from "../health.js";
import type { FileIdentity } from "./file-identity.js";
import type { ReadSnapshot } from "./read-snapshot.js";

interface Job {
  run: () => void;
  settle: () => void;
  fail: (error: unknown) => void;
  topics: readonly Topic[];
  forced: boolean;
}

/**
 * Writes of one turn of the event loop share one commit: each is still all or nothing with the others of its batch, in
 * the order of the calls. A commit survives the death of this process at once. A power cut may take back the commits
 * since the last one that was forced to the disk, from the end, never a part: so what is forced is what comes right
 * before something outside sees the effect (a send, an answer to a person). All the rest can be told again: Messages
 * reports the rows again because the cursor went back with them, the turn runs again, the history shows what was sent.
 */
export class CommitQueue {
  #jobs: Job[] = [];
  #scheduled = false;
  #synchronous: "FULL" | "NORMAL" | undefined;
  #health: StoreHealth = {};
  /** A transaction could not be undone; it is before the next one begins. */
  #isLeftOpen = false;
  #isWriting = false;
  /** A power cut may take back what was committed here last. */
  #isLoose = false;
  /** What others had committed when all was on the disk; undefined: one that died before may have left commits that are not. */
  #safeVersion: number | undefined;

  /**
   * @param snapshot of the reads between commits
   * @param onCommitted told of the topics that a commit touched
   */
  constructor(
    private readonly database: Database,
    private readonly snapshot: ReadSnapshot,
    private readonly file: FileIdentity,
    private readonly clock: Clock,
    private readonly onCommitted: (topics: ReadonlySet<Topic>) => void,
  ) {}

  /** What the last commit came to. */
  get health(): StoreHealth {
    return this.#health;
  }

  /**
   * @param forced whether the disk must have it before the promise resolves
   * @param work synchronous statements; what it throws undoes them and rejects the promise, and nobody else's
   * @throws (rejects) `STORE_FULL`, `STORE_UNAVAILABLE` when the disk refuses; nothing of `work` is then kept
   */
  write<T>(topics: readonly Topic[], forced: boolean, work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let value: T;
      this.#jobs.push({
        run: () => {
          value = work();
        },
        settle: () => resolve(value),
        fail: reject,
        topics,
        forced,
      });
      if (this.#scheduled) return;
      this.#scheduled = true;
      setImmediate(() => this.flush());
    });
  }

  /** Resolves when the disk has every write that had resolved. @throws (rejects) as {@link write} */
  async toDisk(): Promise<void> {
    if (!this.#isLoose && this.#dataVersion() === this.#safeVersion) return;
    this.#safeVersion = await this.write([], true, () => {
      this.#touch();
      return this.#dataVersion();
    });
  }

  /** Changes with each commit of another process (sqlite.org/pragma.html#pragma_data_version). */
  #dataVersion(): number {
    return Number(this.database.prepare("PRAGMA data_version").get()?.data_version);
  }

  /** Finds out whether a write is kept now. @returns what it came to; never rejects */
  async probe(): Promise<StoreHealth> {
    await this.write([], false, () => this.#touch()).catch(() => {});
    return this.#health;
  }

  /** Writes a page and changes nothing: what a row has already is not written again, the number of the schema is. */
  #touch(): void {
    const { user_version: version } = this.database.prepare("PRAGMA user_version").get()!;
    this.database.exec(`PRAGMA user_version = ${version}`);
  }

  /**
   * To be called before a statement: within a commit it belongs to that, else it is a read.
   * @throws what the disk says when a transaction that failed cannot be undone now either
   */
  enter(): void {
    if (this.#isWriting) return;
    this.#undoLeft();
    this.snapshot.begin();
  }

  /** Undoes a transaction that could not be undone when it failed: nobody may read what was never kept. */
  #undoLeft(): void {
    if (!this.#isLeftOpen) return;
    const error = this.#undo();
    if (this.#isLeftOpen) throw asStoreError(error);
  }

  /** Commits what waits. */
  flush(): void {
    this.#scheduled = false;
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const topics = new Set<Topic>();
    try {
      this.#commit(jobs);
      this.#settle(jobs, topics);
    } catch (error) {
      if (jobs.length === 1) jobs[0]!.fail(asStoreError(error));
      else this.#oneByOne(jobs, topics);
    }
    this.onCommitted(topics);
  }

  /** One bad write must not take the others of its batch with it. */
  #oneByOne(jobs: Job[], topics: Set<Topic>): void {
    for (const job of jobs) {
      try {
        this.#commit([job]);
        this.#settle([job], topics);
      } catch (error) {
        job.fail(asStoreError(error));
      }
    }
  }

  #commit(jobs: Job[]): void {
    const forced = jobs.some((job) => job.forced);
    try {
      this.#undoLeft();
      this.snapshot.end();
      this.file.check();
      this.#force(forced);
      this.database.exec("BEGIN IMMEDIATE");
    } catch (error) {
      throw this.#failed(error);
    }
    this.#isWriting = true;
    try {
      for (const job of jobs) job.run();
      crashPoint("store.commit");
      this.database.exec("COMMIT");
      this.#isLoose = !forced;
      crashPoint("store.committed");
      this.#health = { writtenAt: this.clock.now() };
    } catch (error) {
      this.#undo();
      throw this.#failed(error);
    } finally {
      this.#isWriting = false;
    }
  }

  /** What a job itself refuses says nothing of the disk. */
  #failed(error: unknown): unknown {
    const named = asStoreError(error);
    if (named instanceof TapbackError && named.code.startsWith("STORE_"))
      this.#health = { ...this.#health, error: named };
    return named;
  }

  /** @returns why it could not be undone */
  #undo(): unknown {
    try {
      this.database.exec("ROLLBACK");
      this.#isLeftOpen = false;
      return undefined;
    } catch (error) {
      // A full disk rolls back by itself; the first error is the one to tell.
      this.#isLeftOpen = !/no transaction/i.test(String(error));
      return error;
    }
  }

  /**
   * Chooses what a commit waits for: in WAL mode one under FULL forces every commit before it too
   * (sqlite.org/pragma.html#pragma_synchronous).
   */
  #force(forced: boolean): void {
    const wanted = forced ? "FULL" : "NORMAL";
    if (this.#synchronous === wanted) return;
    this.database.exec(`PRAGMA synchronous = ${wanted}`);
    this.#synchronous = wanted;
  }

  #settle(jobs: Job[], topics: Set<Topic>): void {
    for (const job of jobs) {
      for (const topic of job.topics) topics.add(topic);
      job.settle();
    }
  }
}

/** Maps what SQLite says (result codes of sqlite.org/rescode.html) to the error a person sees. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof TapbackError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/disk is full|disk I\/O error/i.test(text)) {
    return new TapbackError("STORE_FULL", `the state database cannot be written: ${text}`, {
      hint: "Free some disk space; a gateway that runs loses nothing and goes on by itself.",
      retryable: true,
      cause: error,
    });
  }
  if (/malformed|not a database/i.test(text)) {
    return new TapbackError("STORE_DAMAGED", `the state database is damaged: ${text}`, {
      hint: "Put state.db back from a backup of the state directory; or move it away with its -wal and -shm files, and the gateway makes a new one, which knows nothing of approvals and earlier messages.",
      cause: error,
    });
  }
  if (/readonly|read-only|unable to open|locked|busy/i.test(text)) {
    return new TapbackError("STORE_UNAVAILABLE", `the state database cannot be used: ${text}`, {
      hint: "Check owner and permissions of the state directory, and that no other program holds the database.",
      retryable: /locked|busy/i.test(text),
      cause: error,
    });
  }
  return error;
}
