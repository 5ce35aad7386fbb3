import { readFileSync } from "node:fs";
import type { Database, Statement } from "./sqlite.js";

declare const __CRASH_POINTS__: boolean;

/** What drivers and disks say of themselves; the last one is in no table. */
const complaints = [
  "disk I/O error",
  "database disk image is malformed",
  "database is locked",
  "the medium does not answer",
];

/**
 * A database whose statements fail now and then, to prove that nothing depends on a read that works (behaviour 16.1a).
 * Release builds have it compiled out. `TAPBACK_STORAGE_FAULTS` names a file; while it is there, each statement fails with
 * the chance that it holds, drawn from the seed behind it: `0.05 7`.
 */
export function withStorageFaults(database: Database): Database {
  if (!__CRASH_POINTS__) return database;
  const path = process.env.TAPBACK_STORAGE_FAULTS;
  return path === undefined ? database : new FaultyDatabase(database, new Faults(path));
}

class Faults {
  #drawn: number | undefined;

  constructor(private readonly path: string) {}

  /** @throws when this statement is to fail */
  meet(): void {
    const [chance, seed] = this.#settings();
    if (chance === 0) return;
    this.#drawn = ((this.#drawn ?? seed) * 1_103_515_245 + 12_345) % 2_147_483_648;
    const drawn = this.#drawn / 2_147_483_648;
    if (drawn < chance) throw new Error(complaints[Math.floor((drawn / chance) * complaints.length)]);
  }

  #settings(): [chance: number, seed: number] {
    try {
      const [chance = 0, seed = 1] = readFileSync(this.path, "utf8").split(" ").map(Number);
      return [chance, seed];
    } catch {
      return [0, 0];
    }
  }
}

class FaultyDatabase implements Database {
  constructor(
    private readonly database: Database,
    private readonly faults: Faults,
  ) {}

  exec(sql: string): void {
    this.faults.meet();
    this.database.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.database.prepare(sql);
    const { faults } = this;
    return {
      run: (...values) => {
        faults.meet();
        return statement.run(...values);
      },
      get: (...values) => {
        faults.meet();
        return statement.get(...values);
      },
      all: (...values) => {
        faults.meet();
        return statement.all(...values);
      },
      setReadBigInts: (enabled) => statement.setReadBigInts(enabled),
    };
  }

  close(): void {
    this.database.close();
  }
}
