import { hostname } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { awaitWithin, type Clock, type Log, version } from "../platform/index.js";
import { type LeftAccounts, NodeLease, type NodeStore, type Store } from "../store/index.js";
import type { ServedAccounts } from "./served-accounts.js";

/** How long an end waits for a server that may be away, milliseconds. */
const leaveMs = 2000;

const nobody: LeftAccounts = { served: [], unserved: [] };

/** What a gateway is a node with. */
export interface GatewayNodeDeps {
  /** The store itself: what waits for it knows nothing of the lease. */
  store: Store;
  clock: Clock;
  log: Log;
  /** Of the lease, milliseconds. */
  ttlMs: number;
  /** Looks for accounts that are free. */
  look: () => Promise<void>;
  /** Another node has taken what this one had. */
  lost: () => void;
}

/** A gateway as one of the nodes of its state (behaviour 21.4). With the state in a file it is the only one, and has no lease. */
export class GatewayNode {
  readonly #nodes: NodeStore | undefined;
  readonly #lease: NodeLease | undefined;
  #id = "";
  #isKeeper = false;
  #elsewhere = nobody;

  constructor(private readonly deps: GatewayNodeDeps) {
    const { nodes } = deps.store;
    this.#nodes = nodes;
    this.#lease = nodes && new NodeLease({ ...deps, store: { watch: deps.store.watch, nodes } });
  }

  /** Joins. @param id as in claims @param earlier a node that is surely dead, of this very state folder */
  async join(id: string, earlier: string | undefined): Promise<void> {
    this.#id = id;
    await this.#lease?.start({ id, kind: "gateway", name: hostname(), pid: process.pid, version }, earlier);
    await this.refresh();
  }

  /** Whether what this gateway has is surely its own still. */
  readonly holds = (): boolean => this.#lease?.holds() ?? true;

  /** Whether it does what is done once for the whole state. */
  get isKeeper(): boolean {
    return this.#isKeeper;
  }

  /** The accounts whose turns are not run here: those of others, and those that are to be served and are not at work (yet). */
  left(accounts: Pick<ServedAccounts, "missing" | "of">): LeftAccounts {
    if (!this.#nodes) return nobody;
    const others = (ids: readonly string[]) => ids.filter((account) => !accounts.of(account));
    const served = others(this.#elsewhere.served);
    const unserved = new Set([...others(this.#elsewhere.unserved), ...accounts.missing]);
    return { served, unserved: [...unserved].filter((account) => !served.includes(account)) };
  }

  /** Looks what others have. @returns whether it has become the keeper, and whether others have more or less than before */
  async refresh(): Promise<{ isNewKeeper: boolean; isOther: boolean }> {
    const [had, before] = [this.#isKeeper, this.#elsewhere];
    this.#isKeeper = had || ((await this.#nodes?.keep(this.#id)) ?? true);
    this.#elsewhere = (await this.#nodes?.elsewhere(this.#id)) ?? nobody;
    return { isNewKeeper: this.#isKeeper && !had, isOther: !isDeepStrictEqual(before, this.#elsewhere) };
  }

  /** Gives back what it has left and ends its lease; a server that is away is not waited for. */
  async leave(): Promise<void> {
    const { clock } = this.deps;
    await awaitWithin(clock, leaveMs, Promise.resolve(this.#lease?.leave()));
    await this.#lease?.stop();
  }
}
