import type { Database } from "../../../src/platform/index.js";
import type { Simulator } from "../../../src/simulator/index.js";
import type { Cluster } from "../cluster.js";
import type { Ledger, OwnRow } from "../ledger.js";
import type { Resources } from "../resources.js";
import type { Admission } from "../settings.js";

/** An admission with the time from which the gateway works by it; milliseconds of the world. */
export interface Admitted {
  from: number;
  admission: Admission;
}

/** What an invariant may look at. Chats and rows have the numbers of the run (`numbers.ts`). */
export interface Facts {
  ledger: Ledger;
  /** The Macs, each of an account. */
  macs: readonly Simulator[];
  /** The state of the gateway as its file has it now. */
  state: Database;
  /** Folders of the gateways' states. */
  stateDirs: readonly string[];
  /** What several gateways have; undefined where there is one. */
  cluster: Cluster | undefined;
  /** Own rows of Messages since the last look. */
  fresh: readonly OwnRow[];
  /** The admissions by which the gateway worked, the present one last; where there are several, that which asks. */
  admitted: readonly Admitted[];
  /** How many turns of a day the two people have who are limited; undefined where they are not. */
  turnsPerDay: number | undefined;
  /** Numbers of the configured groups' chats on the first Mac. */
  groupIds: readonly number[];
  /** The direct chats' people, by the number of the chat. */
  personOf: ReadonlyMap<number, string>;
  /** Milliseconds of the world. */
  now: number;
  /** How far a gateway's time of day is ahead at least, milliseconds. */
  aheadMs: number;
  /** What the process held when it was last measured: just now, where that is judged. */
  resources: Resources;
  /** Timers of a gateway that wait at most; undefined where none runs. */
  timers: number | undefined;
}

/** A request of the gateway to imsg. */
export interface Request {
  method: string;
  params: Record<string, unknown>;
  /** Which Mac's imsg is asked. */
  mac: number;
  /** Which gateway asks. */
  node: number;
}

/** Something that is always so. What its functions return is what is wrong; undefined where nothing is. */
export interface Invariant {
  name: string;
  /** Judges what is new after each step. */
  step?(facts: Facts): string | undefined;
  /** Judges a request in the moment in which the gateway makes it. */
  request?(facts: Facts, request: Request): string | undefined;
  /** Judges after each some hundred messages, whatever is under way. */
  sometimes?(facts: Facts): string | undefined;
  /** Judges when every fault is over and nothing is under way, while the gateway still runs. */
  rest?(facts: Facts): string | undefined;
  /** Judges the whole, after the gateway stopped. */
  end?(facts: Facts): string | undefined;
}
