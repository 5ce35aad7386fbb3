import { rmSync } from "node:fs";
import { join } from "node:path";
import { readGatewayInfo } from "../../src/control/index.js";
import type { VirtualClock, WorldNode } from "../../src/testing/index.js";
import type { Moment } from "./acts/process/moment.js";
import type { Ledger } from "./ledger.js";
import type { Lives } from "./lives.js";
import type { NodeProcess } from "./node-process.js";
import type { StateServer } from "./server/server.js";
import type { Owned, ServerState } from "./server/server-state.js";

/** A lease of a node (behaviour 21.4), milliseconds; whoever could not renew its own frees nothing for a third of it. */
const leaseMs = 15_000;
const calmMs = leaseMs / 3;

/** What a cluster is made of. */
export interface ClusterParts {
  clock: VirtualClock;
  ledger: Ledger;
  nodes: readonly WorldNode[];
  lives: readonly Lives[];
  server: StateServer;
  kept: ServerState;
  log(line: string): void;
}

/** What a node has been seen to be. */
interface Watched {
  /** Id of its gateway, as its folder and the server's table have it. */
  id: string | undefined;
  /** Since when that was so, milliseconds of the world. */
  since: number;
  /** Until when something was in its way. */
  troubledUntil: number;
}

/** The gateways of a run that share a state on a server: what is done to them, and who of them should have what. */
export class Cluster {
  readonly #watched: Watched[];
  /** When a node that is well was last seen to have an account; by the account. */
  readonly #servedAt = new Map<string, number>();
  /** Each account as the last commit left it. */
  readonly #owned = new Map<string, Owned>();
  #wrong: string | undefined;

  constructor(private readonly parts: ClusterParts) {
    this.#watched = parts.nodes.map(() => ({ id: undefined, since: 0, troubledUntil: 0 }));
  }

  /** Something is to happen to a node when its moment comes. */
  arm(node: number, moment: Moment, strike: () => void): void {
    this.parts.lives[node]?.arm(moment, () => {
      this.look();
      strike();
    });
  }

  /** @param isForgotten the next one begins on a machine that knows nothing of it */
  die(node: number, downMs: number, isForgotten: boolean): void {
    const { nodes, lives } = this.parts;
    const { stateDir } = nodes[node]!;
    lives[node]!.die(false, downMs);
    if (isForgotten) rmSync(join(stateDir, "gateway.json"), { force: true });
  }

  /** A node's process stands still. */
  freeze(node: number, forMs: number): void {
    const { clock, ledger, server, log } = this.parts;
    const process = this.#processOf(node);
    if (process === undefined || process.isFrozen) return;
    log(`node ${node} is frozen for ${forMs} ms`);
    ledger.count(forMs > leaseMs ? "node frozen beyond its lease" : "node frozen");
    this.#trouble(node, forMs);
    process.freeze();
    server.stands(node);
    clock.after(forMs, () => {
      log(`node ${node} goes on`);
      server.goesOn(node, forMs);
      process.thaw();
    });
  }

  /** Stops a node in order. @param downMs until it is started again */
  async stop(node: number, downMs: number): Promise<void> {
    this.look();
    await this.parts.lives[node]?.stop(downMs);
  }

  /** A node does not get through to the server. */
  breakWay(node: number, how: "cut" | "hang", forMs: number): void {
    const { server, ledger, log } = this.parts;
    log(`the way of node ${node}: ${how} for ${forMs} ms`);
    ledger.count(`way ${how} while something was asked`);
    this.#trouble(node, forMs);
    if (how === "cut") server.cut(node, forMs);
    else server.hang(node, forMs);
  }

  /** The server is started anew. */
  restartServer(forMs: number): void {
    this.look();
    for (const node of this.parts.nodes.keys()) this.#trouble(node, forMs);
    this.parts.server.restart(forMs);
  }

  /** A node's time of day was set: it may take its own lease for over until it is renewed. */
  jumped(node: number): void {
    this.#trouble(node, 0);
  }

  /** Every fault ends. */
  heal(): void {
    for (const node of this.parts.nodes.keys()) this.#processOf(node)?.thaw();
  }

  /** The id of a node's gateway in the server's tables; undefined while it has none. */
  idOf(node: number): string | undefined {
    return readGatewayInfo(this.parts.nodes[node]!.stateDir)?.node;
  }

  /** Whose each account is; undefined where nobody can say. */
  owned(): Owned[] | undefined {
    return this.parts.kept.owned();
  }

  /** What a commit did that none may do; undefined where none did. */
  get wrong(): string | undefined {
    return this.#wrong;
  }

  /** Something was committed. */
  committed(): void {
    const { ledger } = this.parts;
    for (const now of this.owned() ?? []) {
      const before = this.#owned.get(now.account);
      this.#owned.set(now.account, now);
      if (before === undefined || before.node === now.node) continue;
      if (now.node !== null) ledger.count("account taken");
      // Whoever stops in order has it until it gives it back itself; nobody else may leave the fence as it is.
      if (now.stopped_at !== null) this.#servedAt.set(now.account, this.parts.clock.now());
      if (before.node === null || now.stopped_at !== null) continue;
      ledger.count("account freed of a node");
      if (now.fence === before.fence)
        this.#wrong ??= `account ${now.account} is taken from ${before.node}, and its fence is still ${now.fence}`;
    }
  }

  /** Looks who is well, and who has what. */
  look(): void {
    const { clock } = this.parts;
    const now = clock.now();
    for (const [node, watched] of this.#watched.entries()) {
      const id = this.parts.lives[node]?.isUp ? this.idOf(node) : undefined;
      if (id !== watched.id) Object.assign(watched, { id, since: now });
    }
    for (const { account, node } of this.owned() ?? [])
      if (node !== null && this.#watched.some((each) => each.id === node && this.#isWell(each)))
        this.#servedAt.set(account, now);
  }

  /**
   * An account that nobody who is well has, though somebody has been well for so long.
   * @param mostMs milliseconds
   */
  unserved(mostMs: number): string | undefined {
    this.look();
    const now = this.parts.clock.now();
    const well = this.#watched.filter((each) => each.id !== undefined && this.#isWell(each));
    const since = Math.min(...well.map((each) => Math.max(each.since, each.troubledUntil + calmMs)));
    for (const { account, node } of this.owned() ?? []) {
      const free = now - Math.max(since, this.#servedAt.get(account) ?? 0);
      if (free > mostMs)
        return `account ${account} is ${node === null ? "nobody's" : `still of ${node}`} after ${free} ms in which another gateway was well`;
    }
    return undefined;
  }

  #isWell({ troubledUntil }: Watched): boolean {
    return troubledUntil <= this.parts.clock.now();
  }

  #trouble(node: number, forMs: number): void {
    this.look();
    const { clock, ledger } = this.parts;
    const watched = this.#watched[node]!;
    ledger.disturb(clock.now(), forMs);
    watched.troubledUntil = Math.max(watched.troubledUntil, clock.now() + forMs);
  }

  #processOf(node: number): NodeProcess | undefined {
    return this.parts.nodes[node]?.life?.process as NodeProcess | undefined;
  }
}
