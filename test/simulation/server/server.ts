import type { Clock } from "../../../src/platform/index.js";
import type { Ledger } from "../ledger.js";
import type { Random } from "../random.js";
import type { PgDatabase } from "./database.js";
import { Session } from "./session.js";
import type { WorldSocket } from "./socket.js";

export { Session } from "./session.js";

/** What carries the bytes of a session of a node. */
interface Way {
  /** Nothing comes through until then; milliseconds of the world. */
  hangsUntil: number;
  /** Nobody comes through until then, and connections end. */
  cutUntil: number;
  held: (() => void)[];
}

/** What the server of a world is made of. */
export interface StateServerParts {
  database: PgDatabase;
  clock: Clock;
  random: Random;
  ledger: Ledger;
  /** Does something in a turn of the event loop of its own. */
  soon(act: () => void): void;
  log(line: string): void;
  /** Told before each unit of a node's messages is carried out, and after it, before it is answered. */
  passes(node: number, when: "before" | "after"): void;
  /** Told of each commit. */
  committed(): void;
}

/**
 * The PostgreSQL server of a world: sessions over one database that has one, so that transactions follow each other; the ways of the nodes
 * to it, and what becomes of those. Everything of it is in virtual time.
 */
export class StateServer {
  readonly sessions = new Set<Session>();
  /** Whose transaction is open. */
  floor: Session | undefined;
  readonly #waiting: Session[] = [];
  /** Names of prepared statements whose sessions are over. */
  readonly #left: string[] = [];
  readonly #ways = new Map<number, Way>();
  #isAwayUntil = 0;
  #names = 0;

  constructor(readonly parts: StateServerParts) {}

  /** Does something in a turn of the event loop of its own. */
  soon(act: () => void): void {
    this.parts.soon(act);
  }

  /** Whether it can be reached by a node, and has been for so long, milliseconds. */
  isReachedBy(node: number, sinceMs: number): boolean {
    const { hangsUntil, cutUntil } = this.#way(node);
    return Math.max(hangsUntil, cutUntil, this.#isAwayUntil) + sinceMs <= this.parts.clock.now();
  }

  /** A client of a node connects. @param done told with its session, or with none where it is refused */
  connect(socket: WorldSocket, done: (session: Session | undefined) => void): void {
    const node = socket.process?.node ?? -1;
    this.line(node)(() => {
      const now = this.parts.clock.now();
      if (now < this.#isAwayUntil || now < this.#way(node).cutUntil) return done(undefined);
      const session = new Session(this, socket, node, `s${this.#names++}/`);
      this.sessions.add(session);
      done(session);
    });
  }

  /**
   * One direction of a connection of a node: what is given to it arrives after a while and in order, once the way is open.
   * @returns sends something along it
   */
  line(node: number): (act: () => void) => void {
    const { clock, random } = this.parts;
    const waiting: (() => void)[] = [];
    const arrive = () => {
      const way = this.#way(node);
      if (clock.now() < way.hangsUntil) return void way.held.push(arrive);
      for (const act of waiting.splice(0)) act();
    };
    return (act) => {
      waiting.push(act);
      if (waiting.length === 1) clock.after(random.chance(0.8) ? random.below(2) : random.below(20), arrive);
    };
  }

  /** A session has something to do: now, or when the transaction of another one is over. */
  serve(session: Session): void {
    if (this.floor !== undefined && this.floor !== session) {
      if (!this.#waiting.includes(session)) this.#waiting.push(session);
      return;
    }
    session.work();
    this.#next();
  }

  /** A session is over. @param prepared names of its statements */
  ended(session: Session, prepared: readonly string[]): void {
    this.sessions.delete(session);
    this.#left.push(...prepared);
    if (this.floor === session) this.floor = undefined;
    this.#next();
  }

  /** A node's process stands still in the middle of what it does: its transaction holds up nobody. */
  stands(node: number): void {
    for (const session of this.#of(node)) session.undo();
  }

  /** It goes on. @param afterMs what was in the middle of a transaction for so long has no session any more */
  goesOn(node: number, afterMs: number): void {
    for (const session of this.#of(node))
      if (session.isUndone && afterMs > idleMs)
        session.fail("25P03", "terminating connection due to idle-in-transaction timeout");
  }

  /** The connections of a node break, and it makes no new ones for a while, milliseconds. */
  cut(node: number, forMs: number): void {
    const way = this.#way(node);
    way.cutUntil = this.parts.clock.now() + forMs;
    way.held = [];
    for (const session of this.#of(node)) session.breakOff("ECONNRESET");
  }

  /** Nothing comes through between a node and the server for a while, milliseconds; then what was on its way arrives. */
  hang(node: number, forMs: number): void {
    const { clock } = this.parts;
    const way = this.#way(node);
    way.hangsUntil = Math.max(way.hangsUntil, clock.now() + forMs);
    this.stands(node);
    clock.after(forMs, () => {
      if (clock.now() < way.hangsUntil) return;
      this.goesOn(node, forMs);
      const { held } = way;
      way.held = [];
      for (const act of held) act();
    });
  }

  /** The server is started anew: all connections end, what was not committed is undone, and for a while nobody is let in. */
  restart(forMs: number): void {
    this.#isAwayUntil = this.parts.clock.now() + forMs;
    for (const session of [...this.sessions])
      session.fail("57P01", "terminating connection due to administrator command");
  }

  /** All ways are open. */
  heal(): void {
    const now = this.parts.clock.now();
    this.#isAwayUntil = Math.min(this.#isAwayUntil, now);
    for (const way of this.#ways.values()) {
      way.cutUntil = Math.min(way.cutUntil, now);
      way.hangsUntil = Math.min(way.hangsUntil, now);
      const { held } = way;
      way.held = [];
      for (const act of held) act();
    }
  }

  /** Tells listeners of a commit: soon, late, or never. */
  tell(channel: string, payloads: readonly string[]): void {
    const { clock, random, ledger } = this.parts;
    for (const session of this.sessions) {
      if (!session.listens) continue;
      for (const payload of payloads) {
        const how = random.weighted({ soon: 90, late: 7, never: 3 });
        if (how !== "soon") ledger.count(`notification ${how}`);
        if (how === "never") continue;
        clock.after(how === "late" ? random.between(50, 5000) : random.below(3), () =>
          session.told(channel, payload),
        );
      }
    }
  }

  #next(): void {
    if (this.floor === undefined) for (const name of this.#left.splice(0)) this.parts.database.forget(name);
    while (this.floor === undefined && this.#waiting.length > 0) {
      const { random } = this.parts;
      const at = this.#waiting.length === 1 ? 0 : random.below(this.#waiting.length);
      const [session] = this.#waiting.splice(at, 1);
      if (session?.isOpen) this.serve(session);
    }
  }

  #of(node: number): Session[] {
    return [...this.sessions].filter((session) => session.node === node);
  }

  #way(node: number): Way {
    const way = this.#ways.get(node) ?? { hangsUntil: 0, cutUntil: 0, held: [] };
    this.#ways.set(node, way);
    return way;
  }
}

/** What the server gives a transaction in which nothing is asked (`idle_in_transaction_session_timeout`), milliseconds. */
const idleMs = 10_000;
