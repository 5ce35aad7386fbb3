import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Database, openDatabase } from "../../src/platform/index.js";
import { openExistingStore, type Store } from "../../src/store/index.js";
import type { World } from "../../src/testing/index.js";
import type { Disk } from "./disk.js";

/** Where a run keeps the state of its gateways, and what becomes of it when one of them ends. */
export interface KeptState {
  /** As it is now. */
  readonly state: Database;
  /** Whether there is one yet. */
  readonly isThere: boolean;
  /** Whether a statement of a life fails now. */
  fails(): boolean;
  /** Whether a statement is one of our own. */
  readonly isQuiet: boolean;
  /** A store over it, as another process opens it; undefined where there is none. */
  open(): Store | undefined;
  /** A life ends: what is on the disk for good is noted while it is open. */
  lifeEnds(): void;
  /** Takes what a power cut takes. */
  cut(): void;
  /** What was to end by now ends. */
  tick(): void;
  /** Everything is well again. */
  heal(): void;
  /** It is read no more, until somebody asks for it again. */
  closeReader(): void;
}

/** The state in the file of the one gateway. */
export class FileState implements KeptState {
  #reader: Database | undefined;

  /** @param world asked for it late: it is made with the disk */
  constructor(
    private readonly world: () => World,
    private readonly disk: Disk,
  ) {}

  get state(): Database {
    this.#reader ??= openDatabase(this.#path, { readOnly: true });
    return this.#reader;
  }

  get isThere(): boolean {
    return existsSync(this.#path);
  }

  get isQuiet(): boolean {
    return this.disk.isQuiet;
  }

  fails(): boolean {
    return this.disk.fails();
  }

  open(): Store | undefined {
    return openExistingStore(this.#path);
  }

  lifeEnds(): void {
    this.disk.lifeEnds();
  }

  cut(): void {
    this.disk.cut(this.#path);
  }

  tick(): void {
    this.disk.tick();
  }

  heal(): void {
    this.disk.heal();
  }

  closeReader(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  get #path(): string {
    return join(this.world().stateDir, "state.db");
  }
}
