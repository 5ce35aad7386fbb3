import type { Config, WebhookConfig } from "../config/index.js";
import { gapEvent, type ProgramEvent, programEvent, type ReaderNote } from "../events/index.js";
import { type Clock, crashPoint, type Log } from "../platform/index.js";
import type { EventReader, Store } from "../store/index.js";
import { inChats } from "./chats.js";
import { type Posted, postSigned } from "./post.js";
import { type HookMemory, hookName, readerOf } from "./reader.js";

/** Pauses between tries, milliseconds; the last one is that of all further ones. */
const pausesMs = [1, 5, 30, 120, 600, 1800, 3600, 3 * 3600, 6 * 3600].map((seconds) => seconds * 1000);
/** After so many tries its owners are told: one that is restarted is back before. */
const triesUntilTold = 4;
const pageSize = 50;

/** What a worker takes. */
export interface HookDeps {
  store: Pick<Store, "events" | "journal" | "turns" | "watch">;
  /** As it is now: numbers without a country are read in the region of their account. */
  config: () => Config;
  clock: Clock;
  log: Log;
  /** 0 to 1. */
  random: () => number;
  tellOwners: (text: string) => void;
}

/**
 * Tells one webhook what happens, in the order of the events, each until it was taken. How far it is stands in the store after each
 * event: a crash in between tells that one twice.
 */
export class HookWorker {
  readonly #stop = new AbortController();
  readonly #reader: string;
  /** In a row of which none was taken. */
  #tries = 0;
  /** The last gap that was told, and the cursor at which it was. */
  #gap = { cursor: 0, upTo: 0 };
  #wake = () => {};
  #done: Promise<void> = Promise.resolve();

  constructor(
    private readonly hook: WebhookConfig,
    private readonly deps: HookDeps,
  ) {
    this.#reader = readerOf(hook.url);
  }

  /** Begins where it was, or at now. */
  start(): void {
    const stopWatch = this.deps.store.watch("events", () => this.#wake());
    this.#done = this.#run().finally(stopWatch);
  }

  /** Ends a try that is under way; it is made again by the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.deps;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      try {
        if (await this.#readPage()) continue;
        await woken;
      } catch (error) {
        log.warn(`webhook ${hookName(this.hook.url)}: ${String(error)}`);
        await clock.sleep(pausesMs[2]!, signal);
      }
    }
  }

  /** @returns whether there may be more */
  async #readPage(): Promise<boolean> {
    const { events } = this.deps.store;
    const reader = (await this.#found()) ?? (await events.follow(this.#reader, this.deps.clock.now()));
    if (memoryOf(reader).gone) return false;
    const types = this.hook.events;
    const page = await events.after(reader.cursor, { limit: pageSize, types });
    const isToldOf = inChats(this.hook.chats, this.deps);
    let from = reader.cursor;
    const { upTo } = page.gap ?? { upTo: 0 };
    let memory: HookMemory | undefined;
    if (upTo > 0 && !this.#hasToldGap(from, upTo)) {
      const told = await this.#tell(reader, gapEvent(upTo, this.deps.clock.now()));
      if (told !== "taken") return told === "again";
      this.#gap = { cursor: from, upTo };
      memory = {};
    }
    for (const event of page.events) {
      if (!(await isToldOf(event))) continue;
      const told = await this.#tell(reader, programEvent(event));
      if (told !== "taken") return told === "again";
      crashPoint("webhook.taken");
      // Somebody else moved it: what is to be told again is read from there.
      if (!(await events.advance(this.#reader, event.id, {}, from))) return true;
      from = event.id;
    }
    if (page.cursor !== from) return events.advance(this.#reader, page.cursor, memory, from);
    return false;
  }

  /** A page is read anew after each pause; one that was put back hears of it again. */
  #hasToldGap(cursor: number, upTo: number): boolean {
    return cursor >= this.#gap.cursor && upTo <= this.#gap.upTo;
  }

  /**
   * Tries once, and pauses where it was not taken.
   * @returns `again`: what is told is read anew, for words may have been forgotten meanwhile; `over`: stopped, or gone
   */
  async #tell({ since }: EventReader, event: ProgramEvent | ReaderNote): Promise<"taken" | "again" | "over"> {
    const { clock, random } = this.deps;
    const { signal } = this.#stop;
    const id = `evt_${since.toString(36)}_${event.type === "gap" ? "gap_" : ""}${event.id}`;
    const posted = await postSigned(this.hook, { id, body: JSON.stringify(event) }, clock, signal);
    if (posted.state === "taken") {
      if (this.#tries > 0) this.deps.log.info(`webhook ${hookName(this.hook.url)} takes events again`);
      this.#tries = 0;
      return "taken";
    }
    if (signal.aborted) return "over";
    const tries = ++this.#tries;
    const pauseMs = Math.round(pausesMs[Math.min(tries, pausesMs.length) - 1]! * (0.8 + 0.4 * random()));
    const nextTryAt = clock.now() + pauseMs;
    await this.#failed(posted, tries, nextTryAt);
    return posted.state !== "gone" && (await this.#pause(pauseMs, nextTryAt)) ? "again" : "over";
  }

  /** Until the next try. What is to be told again is tried at once, with pauses that grow anew. @returns false where it was stopped */
  async #pause(pauseMs: number, nextTryAt: number): Promise<boolean> {
    const { clock } = this.deps;
    const { signal } = this.#stop;
    for (;;) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      if (await this.#isPutBack(nextTryAt)) {
        this.#tries = 0;
        return true;
      }
      if (signal.aborted) return false;
      const restMs = Math.min(pauseMs, nextTryAt - clock.now());
      if (await clock.sleep(restMs, AbortSignal.any([signal, woken.signal]))) return true;
    }
  }

  /** Whoever puts it back empties what was noted of it. @param nextTryAt as it was noted */
  async #isPutBack(nextTryAt: number): Promise<boolean> {
    const reader = await this.#found();
    return reader !== undefined && memoryOf(reader).nextTryAt !== nextTryAt;
  }

  async #found(): Promise<EventReader | undefined> {
    return (await this.deps.store.events.readers()).find(({ name }) => name === this.#reader);
  }

  async #failed(
    posted: Exclude<Posted, { state: "taken" }>,
    tries: number,
    nextTryAt: number,
  ): Promise<void> {
    const { store, clock, log, tellOwners } = this.deps;
    const reader = await this.#found();
    if (!reader) return;
    const before = memoryOf(reader);
    const name = hookName(this.hook.url);
    const isGone = posted.state === "gone";
    // It was put back while this was under way.
    if (!isGone && tries > 1 && before.nextTryAt === undefined) return;
    const why = isGone ? "it is gone (410)" : posted.why;
    const isTold = before.told || isGone || tries >= triesUntilTold;
    const memory: HookMemory = {
      failingSince: before.failingSince ?? clock.now(),
      why,
      ...(isTold && { told: true }),
      ...(isGone ? { gone: true } : { nextTryAt }),
    };
    await store.events.advance(this.#reader, reader.cursor, memory, reader.cursor);
    if (tries === 1 && before.failingSince === undefined) log.warn(`webhook ${name} takes nothing: ${why}`);
    if (!isTold || before.told) return;
    const next = isGone
      ? "It is told nothing any more."
      : "It is tried again, and caught up when it is back.";
    tellOwners(`The webhook ${name} takes nothing: ${why}. ${next}`);
  }
}

/** What is noted of a webhook. */
export function memoryOf({ memory }: EventReader): HookMemory {
  return (memory ?? {}) as HookMemory;
}
