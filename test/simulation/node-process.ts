import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Clock,
  type ClockScope,
  type StopTimer,
  scopedClock,
  sleepOn,
} from "../../src/platform/index.js";
import type { LifeProcess } from "../../src/testing/index.js";

type Act = () => void;

const present = new AsyncLocalStorage<NodeProcess>();

/** The process of a node's life, of which this one has several: whatever is done in it is known as its own, and waits while it is frozen. */
export class NodeProcess implements LifeProcess {
  readonly scope: ClockScope;
  #isDead = false;
  #isFrozen = false;
  #held: Act[] = [];
  readonly #whenOver = new Set<Act>();

  /**
   * @param node which node's it is
   * @param aheadMs how far its time of day is ahead, milliseconds
   * @param soon does something in a turn of the event loop of its own
   */
  constructor(
    readonly node: number,
    clock: Clock,
    aheadMs: () => number,
    private readonly soon: (act: Act) => void,
  ) {
    const scope = scopedClock(this.#arriving(clock), aheadMs);
    this.scope = {
      clock: scope.clock,
      get waiting() {
        return scope.waiting;
      },
      end: () => {
        this.#isDead = true;
        this.#held = [];
        scope.end();
        for (const act of [...this.#whenOver]) act();
      },
    };
  }

  /** The one in which this is done; undefined outside of all. */
  static get present(): NodeProcess | undefined {
    return present.getStore();
  }

  /** Has what is done later done in the process that asks for it now. */
  static bound(act: Act): Act {
    const own = present.getStore();
    return own === undefined ? act : () => own.arrives(act);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  run<T>(act: () => T): T {
    return present.run(this, act);
  }

  arrives(act: Act): void {
    if (this.#isDead) return;
    // What came first is first, for it may be of one pipe.
    if (this.#isFrozen || this.#held.length > 0) this.#held.push(act);
    else present.run(this, act);
  }

  /** Nothing of it goes on, until {@link thaw}. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** It goes on: what came meanwhile reaches it, one after the other. */
  thaw(): void {
    this.#isFrozen = false;
    if (this.#held.length > 0) this.soon(() => this.#goOn());
  }

  /** Tells when it dies. @returns stops that */
  onDeath(act: Act): Act {
    this.#whenOver.add(act);
    return () => this.#whenOver.delete(act);
  }

  #goOn(): void {
    if (this.#isFrozen || this.#isDead) return;
    const act = this.#held[0];
    if (act !== undefined) present.run(this, act);
    this.#held.shift();
    if (this.#held.length > 0) this.soon(() => this.#goOn());
  }

  #arriving(clock: Clock): Clock {
    const own: Clock = {
      now: () => clock.now(),
      sleep: (ms, signal) => sleepOn(own, ms, signal),
      after: (ms, act) => this.#timer((going) => clock.after(ms, going), act),
      every: (ms, act) => this.#timer((going) => clock.every(ms, going), act),
    };
    return own;
  }

  /** A timer that is stopped while what it does is held does nothing any more, and one that comes again is held once. */
  #timer(set: (going: Act) => StopTimer, act: Act): StopTimer {
    let isStopped = false;
    let isHeld = false;
    const stop = set(() => {
      if (isHeld) return;
      isHeld = true;
      this.arrives(() => {
        isHeld = false;
        if (!isStopped) act();
      });
    });
    return () => {
      isStopped = true;
      stop();
    };
  }
}
