import type { Clock, Database } from "../../src/platform/index.js";
import { cutPower, Power } from "./power.js";
import type { Random } from "./random.js";

const allPages = 4_294_967_294;

/** The disk under the state database: full, faulty, and what it keeps when the power is cut. */
export class Disk {
  #database: Database | undefined;
  #power: Power | undefined;
  #safe: Power["safe"];
  #faultyUntil = 0;
  #chance = 0;
  #fullUntil = 0;
  #isQuiet = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** A life opened its database. */
  opened(database: Database, path: string): void {
    this.#database = database;
    this.#power = new Power(path, this.#safe);
  }

  /** The database carried out a statement. */
  executed(sql: string): void {
    this.#power?.executed(sql);
  }

  /** Whether a statement is one of our own. */
  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  /** Whether a statement fails now. */
  fails(): boolean {
    return this.clock.now() < this.#faultyUntil && this.random.chance(this.#chance);
  }

  /** Statements fail now and then from now on. */
  beFaulty(forMs: number, chance: number): void {
    this.#faultyUntil = this.clock.now() + forMs;
    this.#chance = chance;
  }

  /** Nothing more fits on it. */
  fill(forMs: number): void {
    this.#fullUntil = this.clock.now() + forMs;
    this.#limitPages((pages) => pages);
  }

  /** What was to end by now ends. */
  tick(): void {
    if (this.#fullUntil === 0 || this.clock.now() < this.#fullUntil) return;
    this.#fullUntil = 0;
    this.#limitPages(() => allPages);
  }

  /** Everything is well again. */
  heal(): void {
    this.#faultyUntil = 0;
    this.#fullUntil = Math.min(this.#fullUntil, this.clock.now());
    this.tick();
  }

  /** A life ends: what is on the disk for good is noted while its database is open. */
  lifeEnds(): void {
    this.#safe = this.#power?.safe;
    this.#database = undefined;
  }

  /** Takes from a copy of the state what a power cut takes. @param path of its database */
  cut(path: string): void {
    cutPower(path, this.#safe);
  }

  #limitPages(limit: (pages: number) => number): void {
    if (this.#database === undefined) return;
    this.#isQuiet = true;
    try {
      const pages = Number(this.#database.prepare("PRAGMA page_count").get()?.page_count);
      this.#database.exec(`PRAGMA max_page_count = ${limit(pages)}`);
    } finally {
      this.#isQuiet = false;
    }
  }
}
