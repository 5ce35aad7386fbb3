import type { Clock, Database, Statement, StopTimer } from "../../platform/index.js";
import type { Topic } from "../changes.js";
import { Listeners } from "../listeners.js";

/** What else a commit may have to be asked about, in one statement each. */
export interface ChangeQuestions {
  /** The id of the newest event. */
  newestEvent(): number;
  /** Accounts that have sends which wait. */
  accountsThatSend(): string[];
}

/** How often writes of other processes are looked for, milliseconds; one pragma, about 20 µs. */
const pollMs = 1000;

/** Tells listeners that something may have changed: at once for this process's commits, within a second for others'. */
export class Changes {
  readonly #listeners: Listeners;
  #stopPoll: StopTimer | undefined;
  #version: number | undefined;
  #event: number | undefined;
  #pragma: Statement | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ask: ChangeQuestions,
  ) {
    this.#listeners = new Listeners(() => ask.accountsThatSend());
  }

  /** As the contract's `watch`: a hint, never proof. The first listener starts the poll. @returns stops it */
  watch(topic: Topic, listener: () => void, account?: string): () => void {
    const forget = this.#listeners.add(topic, listener, account);
    this.#stopPoll ??= this.#startPoll();
    return () => {
      forget();
      if (this.#listeners.isEmpty) this.stop();
    };
  }

  /** Tells the listeners of a commit of this process; whether events came with it is seen, for triggers write them. */
  announceCommit(topics: ReadonlySet<Topic>): void {
    this.announce(topics);
    if (!this.#listeners.has("events") || topics.has("events")) return;
    const newest = this.#newest();
    if (newest !== undefined && newest === this.#event) return;
    this.#event = newest;
    this.announce(["events"]);
  }

  #newest(): number | undefined {
    try {
      return this.ask.newestEvent();
    } catch {
      // The hint is given rather than missed.
      return undefined;
    }
  }

  /** Tells the listeners of these topics. */
  announce(topics: Iterable<Topic>): void {
    this.#listeners.tell(topics);
  }

  /** Ends the poll; listeners stay and are told of this process's commits. */
  stop(): void {
    this.#stopPoll?.();
    this.#stopPoll = undefined;
  }

  /** Tells the listeners when another process wrote since the last look, or when that cannot be seen. */
  check(): void {
    const version = this.#dataVersion();
    if (version !== undefined && version === this.#version) return;
    this.#version = version;
    this.#listeners.tellAll();
  }

  #startPoll(): StopTimer {
    this.#version = this.#dataVersion();
    return this.clock.every(pollMs, () => this.check(), { unref: true });
  }

  /** Changes when another connection committed; this one's commits leave it as it is (sqlite.org/pragma.html). */
  #dataVersion(): number | undefined {
    try {
      this.#pragma ??= this.database.prepare("PRAGMA data_version");
      return Number(this.#pragma.get()!.data_version);
    } catch {
      // Nobody waits for this look: whoever asks the store next is told what is wrong.
      return undefined;
    }
  }
}
