import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type Clock, err, type Result, type StopTimer, systemClock } from "../platform/index.js";
import type { ConfigFailure, LoadedConfig } from "./load.js";
import { atFile, readSource } from "./source.js";

/** Who hears of edits. */
export interface ConfigListener {
  /**
   * Called once per edit with the new configuration or with what is wrong with it; the last good one stays in use
   * then. Awaited: the next edit is reported when this one was taken in.
   */
  edited(result: Result<LoadedConfig, ConfigFailure>): void | Promise<void>;
  /** Told why an edit could not be taken in; it is not reported again. */
  failed(error: unknown): void;
}

/** How the file is watched. Times in milliseconds. */
export interface WatchOptions {
  /** Environment from which `${NAME}` is taken. */
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the configuration file. */
  path: string;
  /** The text that is in use now; undefined when there was no file. */
  source: string | undefined;
  listener: ConfigListener;
  /** Default: the machine's. */
  clock?: Clock;
  /** Quiet time after which an edit counts as finished; default 150. */
  debounceMs?: number;
  /** Time between looks at the file behind the watcher, for file systems without events; default 2000. */
  pollMs?: number;
  /** How long a missing, empty or unreadable file counts as an edit that is not finished; default 1000. */
  settleMs?: number;
}

/** A running watch. */
export interface ConfigWatch {
  /** Looks at the file now, as `SIGHUP` would; resolves when an edit, if there was one, was taken in or could not be. */
  check(): Promise<void>;
  /** Stops watching; an edit that is being read is not taken in. */
  close(): void;
}

/**
 * Watches the configuration file (behaviour 2.3). The folder is watched, not the file: editors write a new file and
 * rename it over the old one. Does not keep the process alive.
 */
export function watchConfig(options: WatchOptions): ConfigWatch {
  const watching = new ConfigWatcher(options);
  watching.start();
  return { check: () => watching.check(), close: () => watching.close() };
}

class ConfigWatcher {
  readonly #options: Required<WatchOptions>;
  #folder: FSWatcher | undefined;
  #stopPoll: StopTimer = () => {};
  #stopPending: StopTimer = () => {};
  #reported: string | undefined;
  /** Why the file could not be read, as it was reported. */
  #problem: string | undefined;
  #stamp = "";
  #unsettledSince: number | undefined;
  #busy: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = { clock: systemClock, debounceMs: 150, pollMs: 2000, settleMs: 1000, ...options };
    this.#reported = options.source;
  }

  start(): void {
    this.#watchFolder();
    const { clock, pollMs } = this.#options;
    this.#stopPoll = clock.every(pollMs, () => void this.#look(), { unref: true });
    // What was written between reading the file and watching it has no event.
    this.#schedule(this.#options.debounceMs);
  }

  close(): void {
    this.#closed = true;
    this.#folder?.close();
    this.#stopPoll();
    this.#stopPending();
  }

  check(): Promise<void> {
    this.#stopPending();
    // An edit that could not be taken in does not stop those after it.
    this.#busy = this.#busy.then(() => this.#read()).catch((error) => this.#options.listener.failed(error));
    return this.#busy;
  }

  /**
   * Watches the folder. It may appear later or be replaced: then the poll finds the edit, and watching is tried again.
   */
  #watchFolder(): void {
    const { path, debounceMs } = this.#options;
    try {
      this.#folder = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name === null || name === basename(path)) this.#schedule(debounceMs);
      });
      this.#folder.on("error", () => {
        this.#folder?.close();
        this.#folder = undefined;
      });
    } catch {
      this.#folder = undefined;
    }
  }

  #schedule(ms: number): void {
    if (this.#closed) return;
    this.#stopPending();
    this.#stopPending = this.#options.clock.after(ms, () => void this.check(), { unref: true });
  }

  async #look(): Promise<void> {
    if (this.#folder === undefined) this.#watchFolder();
    const facts = await stat(this.#options.path).catch(() => undefined);
    // A file that may be read now was not written, so the time of its last change of any kind counts.
    const stamp = facts === undefined ? "" : `${facts.ino} ${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}`;
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#schedule(this.#options.debounceMs);
  }

  async #read(): Promise<void> {
    if (this.#closed) return;
    const { path, settleMs, debounceMs, env, listener } = this.#options;
    const read = await readSource(path);
    const source = read.ok ? read.value : undefined;
    const problem = read.ok ? undefined : read.error;
    if (source === this.#reported && problem?.message === this.#problem) {
      this.#unsettledSince = undefined;
      return;
    }
    if (source === undefined || source.trim() === "") {
      const now = performance.now();
      this.#unsettledSince ??= now;
      if (now - this.#unsettledSince < settleMs) return this.#schedule(debounceMs);
    }
    this.#unsettledSince = undefined;
    this.#reported = source;
    this.#problem = problem?.message;
    const { parseConfig } = await import("./load.js");
    const judged = source === undefined ? err([problem ?? gone]) : await parseConfig(source, env);
    if (this.#closed) return;
    if (judged.ok) return listener.edited({ ok: true, value: { ...judged.value, path, source } });
    return listener.edited({ ok: false, error: { path, source, errors: judged.error } });
  }
}

/**
 * What is reported of a file that is gone. It does not mean "all defaults": that would stop every account, or open a
 * group.
 */
const gone = atFile("the configuration file is gone; the last good configuration stays in use", null);
