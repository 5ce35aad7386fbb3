import type { Clock, PartingTimes } from "../platform/index.js";
import type { Capabilities } from "./abilities.js";
import type { Bridge, BridgeEvents } from "./contract.js";
import type { BridgeError } from "./error.js";
import type { BridgeTimes } from "./imsg/supervisor.js";
import type { RemoteMac } from "./ssh/remote-mac.js";

/** From where rows are reported, and how soon. */
export interface SubscriptionOptions {
  /**
   * Where to subscribe from, exclusive, asked at each (re)start: the last row that is safe, or -1 to replay
   * everything. Never 0, which would lose what comes meanwhile (protocol reference 12, row 2). May read from the bridge.
   */
  resumeFrom(): Promise<number>;
  /** For so long rows are gathered before they are reported, milliseconds. */
  debounceMs?: number;
}

/** What a bridge is made with. */
export interface BridgeOptions {
  events: BridgeEvents;
  subscription: SubscriptionOptions;
  /** Takes each line of the child's stderr, redacted and bounded. */
  log?(line: string): void;
  /** Default: the machine's. */
  clock?: Clock;
  /** Gives numbers from 0 up to 1; spreads the pauses between starts. */
  random?(): number;
  times?: Partial<BridgeTimes & PartingTimes>;
  /** Where the running child is written down, so that a later process knows what an earlier one left behind. */
  recordPath?: string;
}

/** One part of the way to Messages, as a probe found it. */
export interface ProbedPart {
  part: "child" | "rpc" | "database";
  ok: boolean;
  /** What was found, for a person. */
  detail: string;
  /** What went wrong, with its remedy. It may be there although the part works well enough. */
  error?: BridgeError;
}

/** What a probe found. */
export interface MacProbe {
  /** What was looked at, from the program to the database. */
  parts: ProbedPart[];
  /** Of the program; absent where it did not tell. */
  version?: string;
  /** What the Mac can do beside; undefined where it did not tell. */
  features?: Pick<Capabilities, "privateApi" | "methods" | "selectors" | "helperMismatch">;
}

/** The part of a bridge that a short look may use. */
export type MacReader = Pick<Bridge, "chats" | "history">;

/** The way to a Mac with Messages: what can be asked while no gateway runs, and how a bridge to it is made. */
export interface MacAccess {
  /** The Mac, when it is another machine that is reached over ssh. */
  readonly remote?: RemoteMac;
  /**
   * Opens the way for some reads and closes it after them. What does not fit the protocol is left out.
   * @param timeoutMs of each read; the bridge's own limit when absent
   * @throws BridgeError
   */
  look<T>(work: (reader: MacReader) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** The account's own addresses, as Messages itself has them; empty where it does not tell. @param timeoutMs milliseconds */
  addresses(timeoutMs: number): Promise<string[]>;
  /** Checks the way from the outside, beside a running bridge. @param timeoutMs of each check */
  probe(timeoutMs: number): Promise<MacProbe>;
  /** Makes the bridge; it is started later. */
  bridge(options: BridgeOptions): Bridge;
}
