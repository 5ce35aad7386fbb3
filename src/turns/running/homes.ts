import { hostname } from "node:os";
import type { Clock, StopTimer } from "../../platform/index.js";
import type { SessionHome, Store } from "../../store/index.js";

/** A turn waits so long for the process that has its session, milliseconds: an agent that begins anew costs more. */
const patienceMs = 1000;

export interface HomesDeps {
  store: Pick<Store, "turns">;
  clock: Clock;
  /** Names where this process runs. */
  name: string;
  /** Agents that keep something of a session where it ran. */
  agents: () => readonly string[];
  /** Called when turns have waited long enough. */
  wake: () => void;
}

/** Where a process runs whose sessions lie in a state folder. */
export function homeOf(stateDir: string): string {
  return `${hostname()}:${stateDir}`;
}

/**
 * Leaves turns to where their sessions ran last, as long as that takes them soon. How long one waits is counted here, from when it was
 * seen first: machines' clocks differ.
 */
export class SessionHomes {
  /** By turn, when it was seen first. */
  #seen = new Map<string, number>();
  #stopTimer: StopTimer = () => {};

  constructor(private readonly deps: HomesDeps) {}

  /** Whether any session has to do with where it runs. */
  isOn(): boolean {
    return this.deps.agents().length > 0;
  }

  /** Where this is, for agents whose sessions are anybody's. */
  get plain(): SessionHome {
    return { name: this.deps.name, agents: [], free: [] };
  }

  /** What holds now. @param unserved accounts whose turns are passed over, as in `LeftAccounts` */
  async now(unserved?: readonly string[]): Promise<SessionHome> {
    const { store, clock, name } = this.deps;
    const agents = this.deps.agents();
    if (agents.length === 0) return this.plain;
    const at = clock.now();
    const heads = await store.turns.heads(agents, unserved);
    this.#seen = new Map(heads.map(({ id }) => [id, this.#seen.get(id) ?? at]));
    // A clock that was set back holds nothing up.
    const free = [...this.#seen].filter(([, since]) => Math.abs(at - since) >= patienceMs);
    this.#stopTimer();
    if (free.length < this.#seen.size)
      this.#stopTimer = clock.after(patienceMs, () => this.deps.wake(), { unref: true });
    return { name, agents, free: free.map(([id]) => id) };
  }

  /** Looks no more. */
  stop(): void {
    this.#stopTimer();
  }
}
