import type { PoolClient } from "pg";
import { awaitWithin, type Clock, crashPoint, TapbackError } from "../../platform/index.js";
import type { Topic } from "../changes.js";
import type { StoreHealth } from "../health.js";
import { CommitMarks } from "./commit-marks.js";
import { asStoreError, isConflict, isConnections, isLost, isRefusal, isStale } from "./errors.js";
import type { Connections } from "./server.js";
import type { Tx } from "./statements.js";

interface Job {
  work: (tx: Tx) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  topics: readonly Topic[];
}

/** Writes that share a commit at most: an error has them done once more, one by one. */
const mostTogether = 32;
/** So often a transaction is begun again that others came between. */
const mostTries = 25;
/** A server that went away in the middle of a commit is asked so often what became of it, milliseconds. */
const doubtMs = 250;
/** How long a close waits for what is only tidied, milliseconds. */
const tidyMs = 2000;

export interface WriteQueueDeps {
  server: Connections;
  clock: Clock;
  /** Tells other processes of a commit, inside it. @returns its number among all commits */
  tell: (tx: Tx, topics: ReadonlySet<Topic>) => Promise<number>;
  onCommitted: (topics: ReadonlySet<Topic>, change: number) => void;
}

/**
 * Writes in the order of their calls, over one connection. What waits when a commit has ended shares the next one; each is
 * still all or nothing. Transactions are serializable (docs/adr/0005-postgresql.md): one that another process came between
 * is done again. Where the answer to a commit is lost, the server is asked what became of it by a mark that it left, so
 * that nothing is done twice and nothing is taken for done that is not.
 */
export class WriteQueue {
  #jobs: Job[] = [];
  #running: Promise<void> | undefined;
  #health: StoreHealth = {};
  #isClosing = false;
  readonly #marks: CommitMarks;

  constructor(private readonly deps: WriteQueueDeps) {
    this.#marks = new CommitMarks(deps.server);
  }

  /** What the last commit came to. */
  get health(): StoreHealth {
    return this.#health;
  }

  /**
   * @param work may be done several times until it is kept; what it throws undoes it and rejects the promise, and nobody else's
   * @throws (rejects) `STORE_UNAVAILABLE`, `STORE_FULL`; nothing of `work` is then kept, but where the answer to a commit was lost and the
   * store was closed before the server could be asked
   */
  write<T>(topics: readonly Topic[], work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ work, resolve: resolve as Job["resolve"], reject, topics });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when all is kept that was asked for so far; a server that is away is not waited for. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
    if (this.#health.error) return;
    await awaitWithin(this.deps.clock, tidyMs, this.#marks.remove()).catch(() => {});
  }

  async #run(): Promise<void> {
    // What the same turn of the event loop asks for comes along.
    await new Promise(setImmediate);
    while (this.#jobs.length > 0) await this.#together(this.#jobs.splice(0, mostTogether));
    this.#running = undefined;
  }

  async #together(jobs: Job[]): Promise<void> {
    try {
      await this.#commit(jobs);
    } catch (error) {
      if (jobs.length === 1 || isStoreError(error)) for (const job of jobs) job.reject(error);
      // One bad write must not take the others of its batch with it.
      else for (const job of jobs) await this.#together([job]);
    }
  }

  async #commit(jobs: Job[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        const values = await this.#attempt(jobs);
        for (const [index, job] of jobs.entries()) job.resolve(values[index]);
        return;
      } catch (error) {
        const isInDoubt = error instanceof InDoubt;
        if (!isInDoubt && isConflict(error) && tries < mostTries) continue;
        if (!isInDoubt && isConnections(error, tries)) continue;
        const named = asStoreError(isInDoubt ? error.lost : error);
        if (isStoreError(named)) this.#health = { ...this.#health, error: named };
        throw named;
      }
    }
  }

  /** @throws when nothing of it is kept; {@link InDoubt} when it may be */
  async #attempt(jobs: Job[]): Promise<unknown[]> {
    const topics = new Set<Topic>();
    const { server, clock, tell, onCommitted } = this.deps;
    const client = await server.writer();
    let change = 0;
    let mark = "";
    let isCommitting = false;
    let isOver = false;
    const values: unknown[] = [];
    try {
      const tx = server.statements.over(client, () => isOver);
      // The first statement follows without waiting for these.
      const begun = client.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
      const marked = this.#marks.set(tx);
      const first = jobs[0]!.work(tx);
      await Promise.allSettled([begun, marked, first]);
      await begun;
      mark = await marked;
      values.push(await first);
      for (const job of jobs.slice(1)) values.push(await job.work(tx));
      for (const job of jobs) for (const topic of job.topics) topics.add(topic);
      change = await tell(tx, topics);
      crashPoint("store.commit");
      isCommitting = true;
      await client.query("COMMIT");
      client.release();
    } catch (error) {
      isOver = true;
      await giveBack(client, error);
      if (!isCommitting || isRefusal(error) || !(await this.#wasCommitted(mark, error))) throw error;
    }
    isOver = true;
    crashPoint("store.committed");
    this.#health = { writtenAt: clock.now() };
    onCommitted(topics, change);
    return values;
  }

  /**
   * What became of a transaction whose end nobody heard: until the server says so nothing else is written.
   * At a close it is asked once more, and not waited for.
   * @throws {InDoubt} when that cannot be found out at a close
   */
  async #wasCommitted(mark: string, error: unknown): Promise<boolean> {
    const { clock } = this.deps;
    this.#health = { ...this.#health, error: asStoreError(error) as TapbackError };
    for (let isLast = false; !isLast; ) {
      isLast = this.#isClosing;
      try {
        return await this.#marks.isKept(mark);
      } catch {
        // Whatever it fails of, a server that has just been started for one: nothing is told yet.
      }
      if (!isLast) await clock.sleep(doubtMs);
    }
    throw new InDoubt(error);
  }
}

/** A commit that may be kept: it is not done again. */
class InDoubt {
  /** @param lost how its answer was lost */
  constructor(readonly lost: unknown) {}
}

function isStoreError(error: unknown): error is TapbackError {
  return error instanceof TapbackError && error.code.startsWith("STORE_");
}

/** Undoes what is open; a connection that cannot, or has plans that do not fit any more, is not used again. */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  const isBroken =
    isLost(error) ||
    isStale(error) ||
    (await client.query("ROLLBACK").then(
      () => false,
      () => true,
    ));
  client.release(isBroken);
}
