import type { Held } from "./claim.js";
import type { LeftAccounts } from "./turns.js";

/** A process that works on a state beside others (behaviour 21.4). */
export interface StateNode {
  /** Another one at each start, as in claims. */
  id: string;
  /** A gateway has accounts and runs their turns; a worker runs turns alone. */
  kind: "gateway" | "worker";
  /** For people, e.g. the name of its machine. */
  name: string;
  pid: number;
  version: string;
  /** The agents whose turns it runs; absent: all. */
  agents?: readonly string[];
}

/** A node as the others see it. */
export interface KnownNode extends StateNode {
  /** When it joined, milliseconds since the epoch, by the store's clock. */
  startedAt: number;
  /** How long its lease still runs, milliseconds; negative once it is over. */
  leftMs: number;
  /** Whether it does what is done once for the whole state. */
  isKeeper: boolean;
}

/** What one account has to do, and whose it is. */
export interface AccountLoad {
  id: string;
  /** The node that has it. */
  node?: string;
  /** When it was stopped on purpose, milliseconds since the epoch. */
  stoppedAt?: number;
  turns: Waiting;
  outbox: Waiting;
}

/** What waits, and since when the oldest of it does, milliseconds since the epoch. */
export interface Waiting {
  count: number;
  since?: number;
}

/**
 * The processes that work on one state side by side. Each has one lease, by the store's clock alone; what it has (accounts, running
 * turns) is its own as long as that runs. Once it is over anybody may take it, and a later write of its former owner is refused.
 */
export interface NodeStore {
  /**
   * Adds this process.
   * @param ttlMs of its lease, from now
   * @param earlier a node that is surely dead: what it had is free at once
   */
  join(node: StateNode, ttlMs: number, earlier?: string): Promise<void>;
  /** Begins the lease anew. @returns `lost` when somebody else has taken what the node had; it is none of the nodes any more */
  renew(id: string, ttlMs: number): Promise<Held>;
  /** Frees what nodes had whose lease is over: accounts, turns (queued again, in their old place), the keeping. @returns their ids */
  expire(): Promise<string[]>;
  /** Has this node do what is done once for the whole state, unless another one does. @returns whether it does */
  keep(id: string): Promise<boolean>;
  /** Ends a lease in order: what the node still has is free at once. */
  leave(id: string): Promise<void>;
  /** All nodes, the oldest first. */
  list(): Promise<KnownNode[]>;
  /** The accounts that another node has, and those that nobody has, also where they were stopped on purpose: their turns wait for whoever takes them. */
  elsewhere(id: string): Promise<LeftAccounts>;
  /** All accounts, with what they have to do. */
  loads(): Promise<AccountLoad[]>;
}
