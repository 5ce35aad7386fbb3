import { TapbackError } from "../../src/platform/index.js";
import type { Claim } from "../../src/store/index.js";
import type { VirtualClock, WorldNode } from "../../src/testing/index.js";
import type { Moment } from "./acts/process/moment.js";
import type { KeptState } from "./kept-state.js";
import type { Ledger } from "./ledger.js";
import { Violation } from "./violation.js";

/** So long a gateway waits for a child that an earlier one left behind (`orphanTimes`), milliseconds. */
const orphanMs = 15_000;

/** What waits for its moment. */
interface Armed {
  moment: Moment;
  left: number;
  /** Does it. */
  strike(): void;
}

/** What lives and dies in a run. */
export interface LivesDeps {
  node: WorldNode;
  clock: VirtualClock;
  kept: KeptState;
  ledger: Ledger;
  /** How it is counted: several have names. */
  name?: string;
  log(line: string): void;
  /** Told before each start: it reads the configuration file. */
  starting(): void;
}

/** The lives of a gateway, one after the other, each on the state that the one before left. */
export class Lives {
  #armed: Armed | undefined;
  #diedAt: number | undefined;
  #restartAt = 0;
  #isUp = false;
  /** Children that the life before left behind. */
  #orphans: WorldNode["life"];
  /** Claims of turns that dead lives ran. */
  readonly #ghosts: Claim[] = [];

  constructor(private readonly deps: LivesDeps) {}

  /** When it is to be started again; undefined while it runs. */
  get restartAt(): number | undefined {
    return this.#diedAt === undefined ? undefined : this.#restartAt;
  }

  /** Whether a gateway has come to the end of its start, and to no other end. */
  get isUp(): boolean {
    return this.#isUp && this.#diedAt === undefined;
  }

  /** A gateway begins; children that an earlier one left behind are waited for, as it does itself with processes. */
  async begin(): Promise<void> {
    const { node, clock, ledger, kept } = this.deps;
    const until = clock.now() + orphanMs;
    while (this.#children.length > 0 && clock.now() < until) await clock.advance(100);
    for (const child of this.#children) child.signal("SIGKILL");
    this.#diedAt = undefined;
    this.#isUp = false;
    this.deps.starting();
    ledger.disturb(clock.now());
    try {
      await node.start();
      if (this.#diedAt === undefined) this.#isUp = true;
      ledger.count("life");
    } catch (error) {
      this.deps.log(`no start: ${String(error)}`);
      ledger.count("start that failed");
      kept.lifeEnds();
      this.#ended(5000);
    }
  }

  /** Begins one where none is. */
  async revive(): Promise<void> {
    if (this.#diedAt !== undefined) await this.begin();
  }

  /** Stops the gateway in order. @param downMs until it is started again; absent: it is not */
  async stop(downMs?: number): Promise<void> {
    const { node, kept } = this.deps;
    if (node.life === undefined) return;
    kept.closeReader();
    await node.stop();
    this.#isUp = false;
    // It may have died on the way.
    if (this.#diedAt !== undefined) return;
    kept.lifeEnds();
    if (downMs !== undefined) this.#ended(downMs);
  }

  /** Something is to happen to it. */
  arm(moment: Moment, strike: () => void): void {
    if (moment.when === "now") strike();
    else this.#armed = { moment, left: moment.nth, strike };
  }

  disarm(): void {
    this.#armed = undefined;
  }

  /** A crash point is passed. */
  passed(point: string): void {
    const armed = this.#armed;
    if (armed?.moment.when !== "point" || armed.moment.point !== point || --armed.left > 0) return;
    this.deps.ledger.count(`death at ${point}`);
    this.#strike(armed);
  }

  /** The server has something of it to do, or has done it. @param when before or after it was done */
  asked(when: "before" | "after"): void {
    const armed = this.#armed;
    if (armed?.moment.when !== "statement") return;
    if ((armed.moment.isAfter ? "after" : "before") !== when || --armed.left > 0) return;
    this.#strike(armed);
  }

  /** The database is asked. @throws when the process dies before it answers, or the disk fails */
  beforeStatement(sql: string): void {
    const { kept, ledger, log } = this.deps;
    if (kept.isQuiet) return;
    if (this.#armed?.moment.when === "statement" && --this.#armed.left <= 0) {
      this.#strike(this.#armed);
      throw new Error("the process is dead");
    }
    if (!kept.fails()) return;
    ledger.count("statement that failed");
    log(`the disk fails at ${sql.slice(0, 60)}`);
    throw new Error("disk I/O error");
  }

  /** The end of a turn that a dead life ran, as it would come from a machine that did not notice its death. */
  async lateWords(): Promise<void> {
    const { node, clock, ledger, kept } = this.deps;
    const claim = this.#ghosts.shift();
    if (claim === undefined || node.life === undefined) return;
    const store = kept.open();
    if (store === undefined) return;
    const turn = await clock.through(store.turns.get(claim.id));
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
    await clock.through(store.close());
    if (held !== undefined && held !== "lost")
      throw new Violation("a dead life changes nothing", `it ended turn ${claim.id}`);
  }

  /** Its process dies. @param downMs until another one begins */
  die(powerLoss: boolean, downMs: number): void {
    const { node, kept, ledger, log } = this.deps;
    if (node.life === undefined) return;
    log(`the process dies${powerLoss ? " and the power is cut" : ""}`);
    ledger.count(powerLoss ? "death by power cut" : "death");
    this.#armed = undefined;
    this.#ghosts.push(...this.#running());
    kept.closeReader();
    kept.lifeEnds();
    this.#ended(downMs);
    this.#orphans = node.life;
    node.die();
    if (powerLoss) kept.cut();
  }

  #strike(armed: Armed): void {
    this.#armed = undefined;
    armed.strike();
  }

  get #children() {
    return [...(this.#orphans?.children ?? [])];
  }

  #ended(downMs: number): void {
    this.#isUp = false;
    this.#diedAt = this.deps.clock.now();
    this.deps.ledger.lifeEnds.push(this.#diedAt);
    this.#restartAt = this.#diedAt + downMs;
  }

  #running(): Claim[] {
    try {
      return this.deps.kept.state
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
