import type { Claim, Store, Turn, TurnOrigin } from "../../store/index.js";
import type { Answer } from "./answer.js";
import { reasons } from "./reasons.js";
import type { TurnSteering } from "./steering.js";

/** A turn at work. */
export interface Run {
  turn: Turn;
  claim: Claim;
  abort: AbortController;
  answer: Answer;
  steering: TurnSteering;
}

/** A turn that was queued: which conversation it answers. */
interface Newer {
  turnId: string;
  sessionKey: string;
  account: string;
  /** As in the envelope. */
  chat: string;
}

/** The turns that run in this process, and how they are ended by what happens meanwhile. */
export class Runs {
  readonly #all = new Map<string, Run & { done: Promise<void> }>();

  constructor(private readonly store: Pick<Store, "turns">) {}

  get size(): number {
    return this.#all.size;
  }

  /** Settles when those that run now are over. */
  get done(): Promise<unknown> {
    return Promise.all([...this.#all.values()].map(({ done }) => done));
  }

  /** One begins. @param done settles with its end */
  add(run: Run, done: Promise<void>): void {
    this.#all.set(run.turn.id, { ...run, done });
  }

  /** One is over. */
  remove(turnId: string): void {
    this.#all.delete(turnId);
  }

  /** Gives all back that still run. */
  giveBack(): void {
    for (const { abort } of this.#all.values()) abort.abort(reasons.shutdown);
  }

  /** Ends what runs in a session, here or elsewhere, see `TurnRunner.cancel`. */
  async cancel(sessionKey: string, at: number, from?: TurnOrigin): Promise<Turn[]> {
    const here = this.#of(sessionKey).filter(
      ({ turn }) =>
        from === undefined ||
        (turn.account === from.account && from.chats.includes(turn.envelope.chat.target)),
    );
    for (const { abort } of here) abort.abort(reasons.cancelled);
    // Also of those here: a process that dies before their agents have stopped must not run them again.
    const asked = await this.store.turns.requestCancel(sessionKey, at, { from });
    const elsewhere = asked.filter(({ id }) => !here.some(({ turn }) => turn.id === id));
    return [...here.map(({ turn }) => turn), ...elsewhere];
  }

  /** Ends what runs for the same chat in the session of a newer turn, here or elsewhere. */
  async interrupt({ turnId, sessionKey, account, chat }: Newer, at: number): Promise<void> {
    for (const { turn, abort } of this.#of(sessionKey))
      if (turn.id !== turnId && turn.account === account && turn.envelope.chat.target === chat)
        abort.abort(reasons.cancelled);
    const from = { account, chats: [chat] };
    await this.store.turns.requestCancel(sessionKey, at, { from, but: turnId });
  }

  /** Offers the messages of a newer turn to the one that runs in its session. */
  steer({ turnId, sessionKey }: Pick<Newer, "turnId" | "sessionKey">): void {
    for (const { turn, steering } of this.#of(sessionKey)) if (turn.id !== turnId) steering.offer(turnId);
  }

  /** Ends what others ended or run by now. @returns sessions in which something runs */
  async renew(): Promise<string[]> {
    const held = [...this.#all.values()];
    if (held.length === 0) return [];
    const { lost, cancel } = await this.store.turns.renew(held.map(({ claim }) => claim));
    const ends = (ids: string[], reason: symbol) =>
      held.filter(({ turn }) => ids.includes(turn.id)).map(({ abort }) => abort.abort(reason));
    ends(lost, reasons.lost);
    ends(cancel, reasons.cancelled);
    return held.filter(({ abort }) => !abort.signal.aborted).map(({ turn }) => turn.sessionKey);
  }

  #of(sessionKey: string): Run[] {
    return [...this.#all.values()].filter(({ turn }) => turn.sessionKey === sessionKey);
  }
}
