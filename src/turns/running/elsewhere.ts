import type { Clock, Log } from "../../platform/index.js";
import { messageOf } from "../../platform/index.js";
import type { Store, Turn } from "../../store/index.js";
import type { TurnsElsewhere } from "./parts.js";

/** What is done with what others write and queue. */
export interface ElsewhereDeps {
  store: Pick<Store, "turns" | "questions">;
  clock: Clock;
  log: Log;
  /** Whether this process itself hears what an account's people write. */
  hears(account: string): boolean;
  /** Something was queued in a session of a turn that runs here. */
  queued(turn: Turn): Promise<void>;
}

/** Follows, on a store that several processes share, what others queue for sessions in which turns run here. */
export class Elsewhere implements TurnsElsewhere {
  /** By session, the newest turn that was looked at; undefined: none. */
  readonly #newest = new Map<string, string | undefined>();

  constructor(private readonly deps: ElsewhereDeps) {}

  async begins({ id, sessionKey, attempt }: Turn): Promise<void> {
    const { store, clock } = this.deps;
    // Whoever ran it before cannot hear an answer any more.
    if (attempt > 1) await store.questions.abandon(clock.now(), id);
    this.#newest.set(sessionKey, (await store.turns.lastQueued(sessionKey))?.id);
  }

  async look(sessions: readonly string[]): Promise<void> {
    for (const known of this.#newest.keys()) if (!sessions.includes(known)) this.#newest.delete(known);
    for (const session of sessions) {
      const turn = await this.deps.store.turns.lastQueued(session);
      if (!turn || !this.#newest.has(session) || this.#newest.get(session) === turn.id) continue;
      this.#newest.set(session, turn.id);
      // Nobody waits for what reads along or is scheduled.
      const { listening, scheduled } = turn.envelope;
      if (!listening && !scheduled && !this.deps.hears(turn.account)) await this.#tell(turn);
    }
  }

  async #tell(turn: Turn): Promise<void> {
    try {
      await this.deps.queued(turn);
    } catch (error) {
      this.deps.log.warn(`a message that waits was not told so: ${messageOf(error)}`, { turn: turn.id });
    }
  }
}
