import { awaitWithin, type Clock, follow, type Log, messageOf } from "../platform/index.js";
import type { NodeStore, StateNode } from "./nodes.js";
import type { Store } from "./store.js";

/** Of the lease, after which a node does nothing more that others could be doing as well: the rest is for what is on its way. */
const sureShare = 0.8;
/** Looks for what is free, at this distance at most, milliseconds. */
const mostLookMs = 1000;

/** What a lease is kept with. */
export interface NodeLeaseDeps {
  /** The store itself: whoever waits for a server that is away knows nothing of the lease. */
  store: Pick<Store, "watch"> & { nodes: NodeStore };
  clock: Clock;
  log: Log;
  /** Of the lease, milliseconds. */
  ttlMs: number;
  /** Milliseconds from some moment on, which nobody sets; the machine's when absent. */
  elapsed?: () => number;
  /** Looks for what is free now; another look follows its end. */
  look: () => Promise<void>;
  /** Somebody else has taken what this node had: it ends all that it does, and joins as another node. */
  lost: () => void;
}

/** Two clocks at one moment: one stands still while the machine sleeps, the other one is set by people. */
interface Moment {
  wall: number;
  elapsed: number;
}

/**
 * Keeps the lease of a node (behaviour 21.4). It is renewed every third of its time; what only its owner may do asks {@link holds}
 * right before, which goes by this machine's time since the last renewal was sent, so it ends before the lease does. A process that
 * was frozen finds it over at its first step.
 */
export class NodeLease {
  readonly #stop = new AbortController();
  readonly #elapsed: () => number;
  #node: StateNode | undefined;
  /** When the newest renewal that was taken was sent. */
  #renewed: Moment | undefined;
  /**
   * When a renewal last failed, or it joined, by the clock that nobody sets: others may not have come through before either, and are not
   * called dead at once.
   */
  #calmFrom = 0;
  #unwatch = () => {};
  #wakeLook = new AbortController();
  #look: Promise<void> | undefined;

  constructor(private readonly deps: NodeLeaseDeps) {
    this.#elapsed = deps.elapsed ?? (() => performance.now());
  }

  /** Joins, and begins to renew and to look. @param earlier as in `NodeStore.join` @throws what the store throws */
  async start(node: StateNode, earlier?: string): Promise<void> {
    const { store, ttlMs } = this.deps;
    const sent = this.#now();
    await store.nodes.join(node, ttlMs, earlier);
    this.#node = node;
    this.#renewed = sent;
    this.#calmFrom = this.#elapsed();
    this.#unwatch = store.watch("nodes", () => this.#wakeLook.abort());
    void this.#renewing(node.id);
    void this.#looking();
  }

  /** Whether what this node has is surely its own still. */
  holds(): boolean {
    if (!this.#renewed) return false;
    const { wall, elapsed } = this.#now();
    const passed = Math.max(wall - this.#renewed.wall, elapsed - this.#renewed.elapsed);
    return passed < sureShare * this.deps.ttlMs;
  }

  /** Renews and looks no more, and waits for a look that is under way; the lease ends by itself, or by {@link leave}. */
  async stop(): Promise<void> {
    this.#unwatch();
    this.#stop.abort();
    await this.#look?.catch(() => {});
  }

  /** Gives the lease back, so that others need not wait for its end; it is renewed no more. */
  async leave(): Promise<void> {
    const { store, log } = this.deps;
    // A renewal that is on its way finds the node gone: that is no loss.
    this.#stop.abort();
    this.#renewed = undefined;
    if (!this.#node) return;
    try {
      await store.nodes.leave(this.#node.id);
    } catch (error) {
      log.warn(`the lease could not be given back; it ends by itself: ${messageOf(error)}`);
    }
  }

  async #renewing(id: string): Promise<void> {
    const { clock, ttlMs } = this.deps;
    const { signal } = this.#stop;
    let wait = ttlMs / 3;
    while (await clock.sleep(wait, signal)) {
      const held = await this.#renew(id);
      if (signal.aborted) return;
      if (held === "lost") {
        this.#renewed = undefined;
        return this.deps.lost();
      }
      if (held === undefined) this.#calmFrom = this.#elapsed();
      wait = held === "ok" ? ttlMs / 3 : Math.min(mostLookMs, ttlMs / 15);
    }
  }

  /** @returns undefined when the server did not say in time */
  async #renew(id: string): Promise<"ok" | "lost" | undefined> {
    const { store, clock, log, ttlMs } = this.deps;
    const sent = this.#now();
    try {
      // A connection that is frozen must not take the whole lease: another try goes over another one.
      const held = await awaitWithin(clock, ttlMs / 3, store.nodes.renew(id, ttlMs));
      if (held === "ok") this.#renewed = sent;
      return held;
    } catch (error) {
      log.debug(`the lease could not be renewed: ${messageOf(error)}`);
      return undefined;
    }
  }

  async #looking(): Promise<void> {
    const { store, clock, log, ttlMs, look } = this.deps;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (this.#mayExpire()) {
          const dead = await store.nodes.expire();
          if (dead.length > 0) log.warn(`the lease of ${dead.length} node(s) is over: what they had is free`);
        }
        if (signal.aborted) return;
        this.#look = this.holds() ? look() : undefined;
        await this.#look;
      } catch (error) {
        log.debug(`it could not be looked for what is free: ${messageOf(error)}`);
      }
      const unfollow = follow(this.#wakeLook, signal);
      await clock.sleep(Math.min(mostLookMs, ttlMs / 5), this.#wakeLook.signal);
      unfollow();
      this.#wakeLook = new AbortController();
    }
  }

  /** A server that was away kept everybody from renewing: who is back first, or begins, gives the others a moment. */
  #mayExpire(): boolean {
    return this.#elapsed() - this.#calmFrom > this.deps.ttlMs / 3 && this.holds();
  }

  #now(): Moment {
    return { wall: this.deps.clock.now(), elapsed: this.#elapsed() };
  }
}
