import { join } from "node:path";
import { type Database, openDatabase, TapbackError } from "../../src/platform/index.js";
import { type Claim, openExistingStore } from "../../src/store/index.js";
import type { VirtualClock, World } from "../../src/testing/index.js";
import type { Death } from "./acts/process/process-dies.js";
import type { Disk } from "./disk.js";
import type { Ledger } from "./ledger.js";
import { Violation } from "./violation.js";

/** So long a gateway waits for a child that an earlier one left behind (`orphanTimes`), milliseconds. */
const orphanMs = 15_000;

/** A death that waits for its moment. */
interface Armed {
  death: Death;
  left: number;
  powerLoss: boolean;
  downMs: number;
}

/** What lives and dies in a run. */
export interface LivesDeps {
  world: World;
  clock: VirtualClock;
  disk: Disk;
  ledger: Ledger;
  log(line: string): void;
  /** Told before each start: it reads the configuration file. */
  starting(): void;
}

/** The lives of the gateway, one after the other, each on the state that the one before left. */
export class Lives {
  #armed: Armed | undefined;
  #diedAt: number | undefined;
  #restartAt = 0;
  #reader: Database | undefined;
  /** Claims of turns that dead lives ran. */
  readonly #ghosts: Claim[] = [];

  constructor(private readonly deps: LivesDeps) {}

  /** The state as its file has it now. */
  get state(): Database {
    this.#reader ??= openDatabase(join(this.deps.world.stateDir, "state.db"), { readOnly: true });
    return this.#reader;
  }

  /** Time passes; a gateway that ended is started again when its time has come. @param isOver ends it before */
  async pass(ms: number, isOver: () => boolean): Promise<void> {
    const { clock } = this.deps;
    const end = clock.now() + ms;
    while (!isOver()) {
      if (this.#diedAt !== undefined && clock.now() >= this.#restartAt) await this.begin();
      const isUp = this.#diedAt === undefined;
      const until = isUp ? end : Math.min(end, Math.max(this.#restartAt, clock.now()));
      await clock.advance(until - clock.now(), () => isUp === (this.#diedAt !== undefined) || isOver());
      if (clock.now() >= end && (this.#diedAt === undefined || this.#restartAt > end)) break;
    }
    this.deps.disk.tick();
  }

  /** A gateway begins; children that an earlier one left behind are waited for, as it does itself with processes. */
  async begin(): Promise<void> {
    const { world, clock, ledger } = this.deps;
    const until = clock.now() + orphanMs;
    while (world.children.length > 0 && clock.now() < until) await clock.advance(100);
    for (const child of world.children) child.signal("SIGKILL");
    this.#diedAt = undefined;
    this.deps.starting();
    ledger.disturb(clock.now());
    try {
      await world.start();
      ledger.count("life");
    } catch (error) {
      this.deps.log(`no start: ${String(error)}`);
      ledger.count("start that failed");
      this.deps.disk.lifeEnds();
      this.#ended(5000);
    }
  }

  /** Begins one where none is. */
  async revive(): Promise<void> {
    if (this.#diedAt !== undefined) await this.begin();
  }

  /** Stops the gateway in order. @param downMs until it is started again; absent: it is not */
  async stop(downMs?: number): Promise<void> {
    if (this.deps.world.life === undefined) return;
    this.closeReader();
    await this.deps.world.stop();
    // It may have died on the way.
    if (this.#diedAt !== undefined) return;
    this.deps.disk.lifeEnds();
    if (downMs !== undefined) this.#ended(downMs);
  }

  /** The process is to die. */
  arm(death: Death, powerLoss: boolean, downMs: number): void {
    if (death.when === "now") this.#die({ powerLoss, downMs });
    else this.#armed = { death, left: death.nth, powerLoss, downMs };
  }

  disarm(): void {
    this.#armed = undefined;
  }

  /** A crash point is passed. */
  passed(point: string): void {
    const armed = this.#armed;
    if (armed?.death.when !== "point" || armed.death.point !== point || --armed.left > 0) return;
    this.deps.ledger.count(`death at ${point}`);
    this.#die(armed);
  }

  /** The database is asked. @throws when the process dies before it answers, or the disk fails */
  beforeStatement(sql: string): void {
    const { disk, ledger, log } = this.deps;
    if (disk.isQuiet) return;
    if (this.#armed?.death.when === "statement" && --this.#armed.left <= 0) {
      this.#die(this.#armed);
      throw new Error("the process is dead");
    }
    if (!disk.fails()) return;
    ledger.count("statement that failed");
    log(`the disk fails at ${sql.slice(0, 60)}`);
    throw new Error("disk I/O error");
  }

  /** The end of a turn that a dead life ran, as it would come from a machine that did not notice its death. */
  async lateWords(): Promise<void> {
    const { world, clock, ledger } = this.deps;
    const claim = this.#ghosts.shift();
    if (claim === undefined || world.life === undefined) return;
    const store = openExistingStore(join(world.stateDir, "state.db"));
    if (store === undefined) return;
    const turn = await store.turns.get(claim.id);
    let held: string | undefined;
    if (turn?.state === "running" && turn.attempt > claim.attempt) {
      ledger.count("late words of a dead life");
      const { target, chatKey } = turn;
      const replies = [{ target, chatKey, origin: "turn" as const, text: `late words of ${claim.id}` }];
      const end = { outcome: "done" as const, replies, firstOrdinal: 90 };
      // A transaction that the living one could not undo on a faulty disk keeps it out: it says nothing then.
      const ending = store.turns.end(claim, end, clock.now(), false).catch(passLocked);
      held = (await clock.through(ending))?.held;
    } else if (turn?.state === "queued") this.#ghosts.push(claim);
    await store.close();
    if (held !== undefined && held !== "lost")
      throw new Violation("a dead life changes nothing", `it ended turn ${claim.id}`);
  }

  closeReader(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  #ended(downMs: number): void {
    this.#diedAt = this.deps.clock.now();
    this.deps.ledger.lifeEnds.push(this.#diedAt);
    this.#restartAt = this.#diedAt + downMs;
  }

  #die({ powerLoss, downMs }: Pick<Armed, "powerLoss" | "downMs">): void {
    const { world, disk, ledger, log } = this.deps;
    if (world.life === undefined) return;
    log(`the process dies${powerLoss ? " and the power is cut" : ""}`);
    ledger.count(powerLoss ? "death by power cut" : "death");
    this.#armed = undefined;
    this.#ghosts.push(...this.#running());
    this.closeReader();
    disk.lifeEnds();
    this.#ended(downMs);
    world.die();
    if (powerLoss) disk.cut(join(world.stateDir, "state.db"));
  }

  #running(): Claim[] {
    try {
      return this.state
        .prepare("SELECT id, owner, fence, attempt FROM turn WHERE state = 'running'")
        .all()
        .map(({ id, owner, fence, attempt }) => ({
          kind: "turn",
          id: String(id),
          owner: String(owner),
          fence: Number(fence),
          attempt: Number(attempt),
        }));
    } catch {
      // It dies while it makes its database.
      return [];
    }
  }
}

/** @throws any other error */
function passLocked(error: unknown): undefined {
  if (!(error instanceof TapbackError && error.code === "STORE_UNAVAILABLE")) throw error;
}
