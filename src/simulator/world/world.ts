import type { Clock, Database, SqlValue, Statement } from "../../platform/index.js";
import { macosOf } from "../chat-db/open.js";
import type { Macos } from "../chat-db/schema/schema.js";
import { connect } from "./connection.js";
import { openPlace, type Place, type PlaceOptions } from "./place.js";

/** A row of `chat.db` as the driver gives it. */
export type Row = Record<string, SqlValue>;

/** A simulated Mac with Messages: its folder and its open `chat.db`. */
export interface World extends Place {
  /** Whose layout the database has. */
  readonly macos: Macos;
  /** A statement of this connection, prepared once. */
  sql(text: string): Statement;
  /** Runs `work` in one short IMMEDIATE transaction; several processes may write at once. */
  write<T>(work: () => T): T;
  /** Milliseconds since 1970, later each time: rows of one moment keep their order by date, as those of Messages do. */
  now(): number;
  /** Does something later: a row's join, a file's arrival. What fails is dropped, as by Messages; {@link settled} tells of it. */
  later(ms: number, work: () => void): void;
  /** Resolves when all that was put off is done. @throws what failed meanwhile */
  settled(): Promise<void>;
  /** Does at once all that was put off: Messages goes on when imsg ends. */
  finish(): void;
  /** Closes the database; what was put off and is neither settled nor finished by then is not done any more. */
  close(): void;
}

/** @throws SQLite's error when the database cannot be opened */
export function openWorld(options: PlaceOptions & { place?: Place } = {}): World {
  const place = options.place ?? openPlace(options);
  const { host } = place;
  const connection = connect(place.dbPath, place.settings().macos, host.databases);
  let macos: Macos | undefined;
  const pending = new Set<Promise<void>>();
  const putOff = new Set<() => void>();
  return {
    ...place,
    // Asked when it is needed: a file that is no database can be opened, as imsg opens it.
    get macos() {
      macos ??= macosOf(connection.database);
      return macos;
    },
    sql: connection.sql,
    write: (work) => {
      const result = transaction(connection.database, work);
      host.wrote();
      return result;
    },
    now: laterEachTime(host.clock),
    later(ms, work) {
      const once = () => {
        if (putOff.delete(once)) work();
      };
      putOff.add(once);
      const promise = new Promise<void>((resolve) => host.clock.after(ms, resolve)).then(once);
      pending.add(promise);
      // Whoever waits for it is told; else Messages drops what it cannot write.
      void promise.finally(() => pending.delete(promise)).catch(() => {});
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
    finish() {
      // What is done may put off more: a link's row is written, and joins its chat later.
      while (putOff.size > 0)
        for (const work of [...putOff])
          try {
            work();
          } catch {
            // Messages drops what it cannot write.
          }
    },
    close() {
      putOff.clear();
      connection.close();
    },
  };
}

/** Times that lie less than this before the last one are of the same moment, milliseconds. */
const sameMomentMs = 10;

function laterEachTime(clock: Clock): () => number {
  let last = 0;
  return () => {
    const now = clock.now();
    // A clock that was set back is believed.
    last = now <= last && last - now < sameMomentMs ? last + 0.001 : now;
    return last;
  };
}

/** Opens a world as imsg sees it: a fault may hide the database from it, but not from those who drive the world. */
export function openAsImsg(place: Place): World {
  if (place.faults.fires("database-missing")) throw new Error("unable to open database file");
  return openWorld({ place });
}

/** A world whose database cannot be read: every look at it fails. @param cause SQLite's error */
export function closedWorld(place: Place, cause = "unable to open database file"): World {
  const fail = (): never => {
    throw new Error(cause);
  };
  return {
    ...place,
    macos: place.settings().macos,
    sql: fail,
    write: fail,
    now: () => place.host.clock.now(),
    later: fail,
    settled: () => Promise.resolve(),
    finish: () => {},
    close: () => {},
  };
}

function transaction<T>(database: Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
