import { createHash } from "node:crypto";
import type { LastingState } from "./lasting-state.js";

/** So many events are worked on at a time; then nothing more is read. */
const mostUnderWay = 100;

/** Where the state of a bot keeps how far it is in the events of a gateway. @param url of its API */
export function cursorKey(url: string): string {
  return `tapback:cursor:${createHash("sha256").update(url).digest("hex").slice(0, 16)}`;
}

/** How far the bot is in the events, as its state keeps it: everything up to there is done. */
export class Progress {
  /** In the order in which it was read. A stream that begins again begins with the id that was read last, so an id may be here twice. */
  readonly #underWay = new Set<{ id: number; done: Promise<void> }>();
  #read = 0;
  #kept = -1;
  #keeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly state: Pick<LastingState, "get" | "set">,
    private readonly key: string,
  ) {}

  /** The cursor of the run before. @returns undefined where there was none */
  async start(): Promise<number | undefined> {
    return (await this.state.get<number>(this.key)) ?? undefined;
  }

  /** Something was read, and is being done. @param work rejects only after a stop @returns when more may be read */
  async add(id: number, work: Promise<void>, isStopped: () => boolean): Promise<void> {
    this.#read = id;
    const entry = { id, done: Promise.resolve() };
    entry.done = work
      // What a stop cut off is done by the next run.
      .then(() => (isStopped() ? undefined : this.#done(entry)))
      .catch(() => {});
    this.#underWay.add(entry);
    if (this.#underWay.size >= mostUnderWay) await Promise.race([...this.#underWay].map(({ done }) => done));
  }

  async #done(entry: { id: number; done: Promise<void> }): Promise<void> {
    this.#underWay.delete(entry);
    this.#keeping = this.#keeping.then(() => this.#keep());
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const [first] = this.#underWay;
    const upTo = first === undefined ? this.#read : first.id - 1;
    if (upTo === this.#kept) return;
    await this.state.set(this.key, upTo);
    this.#kept = upTo;
  }
}
