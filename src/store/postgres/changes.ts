import type { Clock, StopTimer } from "../../platform/index.js";
import type { Topic } from "../changes.js";
import { Listeners } from "../listeners.js";
import { channelOf, type ServerListener } from "./server.js";
import type { Tx } from "./statements.js";

/** How often it is looked for commits of others that no notification told of, milliseconds. */
const pollMs = 1000;

/** What a commit may have to be asked about, in one statement each. */
export interface ChangeQuestions {
  /** The number of the newest commit. */
  newest(): Promise<number>;
  /** Accounts that have sends which wait. */
  accountsThatSend(): Promise<string[]>;
}

/**
 * Tells listeners that something may have changed: at once for this process's commits, and for those of others by their
 * notifications. Each commit has a number from a sequence, and a poll looks whether there is a higher one than was heard of:
 * a notification may be lost with its connection.
 */
export class Changes implements ServerListener {
  readonly #listeners: Listeners;
  #stopPoll: StopTimer | undefined;
  /** The highest number of a commit that was heard of. */
  #heard = 0;
  /** A number that the last look found without having heard of it: its commit may still be under way. */
  #missed: number | undefined;

  /** @param self names this process in its notifications */
  constructor(
    private readonly clock: Clock,
    private readonly self: string,
    private readonly ask: ChangeQuestions,
  ) {
    this.#listeners = new Listeners(() => ask.accountsThatSend());
  }

  /** As the contract's `watch`. The first listener starts the poll. @returns stops it */
  watch(topic: Topic, listener: () => void, account?: string): () => void {
    const forget = this.#listeners.add(topic, listener, account);
    this.#stopPoll ??= this.clock.every(pollMs, () => void this.check(false), { unref: true });
    return () => {
      forget();
      if (this.#listeners.isEmpty) this.stop();
    };
  }

  /** Tells others of a commit, inside it. @returns its number */
  async tell({ sql }: Tx, schema: string, topics: ReadonlySet<Topic>): Promise<number> {
    const row = await sql(
      "SELECT change, pg_notify(?1, change || ' ' || ?2) FROM (SELECT nextval('change') AS change) AS next",
    ).get(channelOf(schema), [this.self, ...topics].join(" "));
    return Number(row!.change);
  }

  /** A commit of this process. */
  committed(topics: ReadonlySet<Topic>, number: number): void {
    this.#heardOf(number);
    this.#listeners.tell(topics);
  }

  /** What the server sent: `events`, or the number of a commit, whose it is, and its topics. */
  notified(payload: string): void {
    const [number, whose, ...topics] = payload.split(" ");
    if (number === "events") this.#listeners.tell(["events"]);
    else this.#heardOf(Number(number));
    if (whose !== this.self) this.#listeners.tell(topics as Topic[]);
  }

  /** The connection that hears of others was made anew: something may have been missed. */
  reconnected(): void {
    this.#listeners.tellAll();
  }

  /** Looks for commits that were not heard of. @param now tells of them at once; else at the second look */
  async check(now: boolean): Promise<void> {
    // Whoever asks the store next is told what is wrong.
    const newest = await this.ask.newest().catch(() => undefined);
    if (newest === undefined || newest <= this.#heard) return;
    // A number is given a moment before its commit: what is seen for the first time is looked for once more.
    if (!now && (this.#missed === undefined || this.#missed <= this.#heard)) {
      this.#missed = newest;
      return;
    }
    this.#missed = undefined;
    this.#heard = newest;
    this.#listeners.tellAll();
  }

  /** Ends the poll; listeners stay and are told of this process's commits. */
  stop(): void {
    this.#stopPoll?.();
    this.#stopPoll = undefined;
  }

  #heardOf(number: number): void {
    this.#heard = Math.max(this.#heard, number);
  }
}
