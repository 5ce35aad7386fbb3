import type { Database } from "../../../src/platform/index.js";
import type { Simulator } from "../../../src/simulator/index.js";
import type { Reach } from "../agent.js";
import type { Ledger, OwnRow } from "../ledger.js";
import type { Admission } from "../settings.js";

/** An admission with the time from which the gateway works by it; milliseconds of the world. */
export interface Admitted {
  from: number;
  admission: Admission;
}

/** What an invariant may look at. */
export interface Facts {
  ledger: Ledger;
  mac: Simulator;
  /** The state of the gateway as its file has it now. */
  state: Database;
  /** Own rows of Messages since the last look. */
  fresh: readonly OwnRow[];
  /** What agents tried outside their conversations. */
  reaches: readonly Reach[];
  /** The admissions by which the gateway worked, the present one last. */
  admitted: readonly Admitted[];
  /** Number of the configured group's chat. */
  groupId: number;
  /** The direct chats' people, by the number of the chat. */
  personOf: ReadonlyMap<number, string>;
  /** Milliseconds of the world. */
  now: number;
}

/** A request of the gateway to imsg. */
export interface Request {
  method: string;
  params: Record<string, unknown>;
}

/** Something that is always so. What its functions return is what is wrong; undefined where nothing is. */
export interface Invariant {
  name: string;
  /** Judges what is new after each step. */
  step?(facts: Facts): string | undefined;
  /** Judges a request in the moment in which the gateway makes it. */
  request?(facts: Facts, request: Request): string | undefined;
  /** Judges the whole, when every fault is over and nothing is under way. */
  end?(facts: Facts): string | undefined;
}
