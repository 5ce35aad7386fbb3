import type { FurtherMessage, Steering } from "../../agents/index.js";
import { type Clock, crashPoint, type Log, messageOf } from "../../platform/index.js";
import type { Claim, Store, Turn } from "../../store/index.js";
import { joinedEnvelope } from "../envelope/joined.js";
import type { TurnSteeringRules } from "./parts.js";

/** Said to an owner whose message waits for a turn of its own, though such messages may join the one that runs. */
export const waitsText = "That waits: what I am doing now takes nothing more in. It comes next.";

export interface SteeringDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Of the running turn: what is stopped takes nothing in. */
  signal: AbortSignal;
  /** Told what joined, for `explain`. */
  note: (text: string) => void;
}

/**
 * What an owner writes during a turn of their own, on its way into that turn (behaviour 5.4a). Each message has been queued
 * as a turn before anything else, and stays one until the agent has it: whoever dies meanwhile, it is answered once.
 */
export class TurnSteering implements Steering {
  #onMessage: (() => void) | undefined;
  #isAsked = false;
  #isTold = false;
  #isOver = false;
  /** Turns that were queued before it was known whether the agent takes their messages. */
  #early: string[] = [];

  /** @param claim of the running turn */
  constructor(
    private readonly claim: Claim,
    private readonly sessionKey: string,
    private readonly rules: TurnSteeringRules,
    private readonly deps: SteeringDeps,
  ) {}

  listen(onMessage?: () => void): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#onMessage = onMessage;
    for (const turnId of this.#early.splice(0)) this.offer(turnId);
    // What came before the turn began was offered to nobody.
    onMessage?.();
  }

  /** A turn was queued in the session. */
  offer(turnId: string): void {
    if (!this.#isAsked) {
      this.#early.push(turnId);
      return;
    }
    this.#offer(turnId).catch((error) => {
      this.deps.log.warn(`a message that was written during a turn waits: ${messageOf(error)}`, {
        turn: turnId,
      });
    });
  }

  async next(): Promise<FurtherMessage | undefined> {
    if (!this.#isOpen || !this.rules.isOn()) return undefined;
    const { store } = this.deps;
    const waiting = await store.turns.nextQueued(this.sessionKey);
    const envelope = waiting && (await this.#joined(waiting));
    if (!envelope) return undefined;
    const rowIds = (await store.journal.ofTurn(waiting.id)).map(({ id }) => id);
    // One that nobody wrote, or that was edited or taken back while it waited, is for a turn of its own to see to.
    if (rowIds.length === 0 || !(await this.rules.isAsWritten(waiting)) || !this.#isOpen) return undefined;
    return {
      envelope: waiting.envelope,
      taken: async () => {
        if (!this.#isOpen) return false;
        const step = {
          gate: "steer",
          passed: true,
          detail: `It joined turn ${this.claim.id}, which was running.`,
        };
        const joining = { turnId: waiting.id, rowIds, envelope, step };
        crashPoint("turn.steered");
        if ((await store.turns.join(this.claim, joining, this.deps.clock.now())) === "lost") return false;
        crashPoint("turn.joined");
        this.deps.note(`took in while it ran: ${waiting.envelope.messages.map(({ sid }) => sid).join(", ")}`);
        return true;
      },
      refused: async () => {
        this.#onMessage = undefined;
        await this.#tellWaiting(waiting);
      },
    };
  }

  /** The agent is done: nothing joins the turn any more. */
  end(): void {
    this.#isOver = true;
  }

  get #isOpen(): boolean {
    return this.#onMessage !== undefined && !this.#isOver && !this.deps.signal.aborted;
  }

  async #offer(turnId: string): Promise<void> {
    const { turns } = this.deps.store;
    const [offered, first] = await Promise.all([turns.get(turnId), turns.nextQueued(this.sessionKey)]);
    if (this.#isOver || this.deps.signal.aborted || offered?.state !== "queued" || !first) return;
    // Messages keep their order: behind one that waits, the next one waits too.
    const joins = this.#isOpen && (await this.#joined(offered)) && (await this.#joined(first));
    if (joins) this.#onMessage?.();
    else await this.#tellWaiting(offered);
  }

  async #joined(waiting: Turn) {
    const running = await this.deps.store.turns.get(this.claim.id);
    return running && joinedEnvelope(running.envelope, waiting.envelope);
  }

  /** Tells an owner, once per turn that runs. */
  async #tellWaiting({ account, target, chatKey, envelope }: Turn): Promise<void> {
    if (this.#isTold || this.#isOver || !envelope.sender.isOwner) return;
    this.#isTold = true;
    const item = { target, chatKey, origin: "command" as const, text: waitsText };
    await this.deps.store.outbox.add(account, item, this.deps.clock.now());
  }
}
