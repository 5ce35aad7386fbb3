import {
  type Clock,
  crashPoint,
  deadline,
  freshMs,
  type Log,
  longestWaitMs,
  messageOf,
  type StopTimer,
} from "../../platform/index.js";
import type { NewOutboxItem, NewQuestion, Question, QuestionOption, Store, Turn } from "../../store/index.js";
import { newId } from "./id.js";
import { questionWords } from "./text.js";

/** Wait before what could not be kept is tried again, milliseconds. */
const retryMs = 1000;

/** What a question came to: a choice (undefined denies), or none: its time is over, or its turn. */
export type Outcome =
  | { state: "answered"; option: QuestionOption | undefined; by: string }
  | { state: "expired" }
  | { state: "over" };

/** How a question is put, and who hears what it came to. */
export interface Asking {
  /** The messages that ask it. */
  asked(question: Question): NewOutboxItem[];
  /** What is said where nobody answered in time. */
  expired: NewOutboxItem[];
  /** Called once. */
  done(outcome: Outcome): void;
}

interface Pending extends Pick<Asking, "expired" | "done"> {
  turn: Turn;
  question: Question;
  stopTimer: StopTimer;
  /** Conversations that were told that they wait. */
  told: Set<string>;
}

/** The questions for which turns of this process wait: each is answered once, expires, or ends with its turn (behaviour 18.2). */
export class OpenQuestions {
  readonly #pending = new Map<string, Pending>();

  constructor(private readonly deps: { store: Store; clock: Clock; log: Log }) {}

  /** Stores a question with the messages that ask it in one commit. @throws `NO_TURN` when this run has lost its turn */
  async put(turn: Turn, draft: Omit<NewQuestion, "id">, asking: Asking): Promise<void> {
    for (;;) {
      const question: Question = { ...draft, id: newId(), state: "open" };
      // Nobody's answer comes before this.
      const pending = this.#wait(turn, question, asking);
      try {
        if (await this.deps.store.questions.ask(question, asking.asked(question), turn.attempt)) {
          crashPoint("question.asked");
          return;
        }
      } catch (error) {
        this.#forget(pending);
        throw error;
      }
      // Somebody asked under this id before: another one is drawn.
      this.#forget(pending);
    }
  }

  /** An earlier run of the turn asked this: what was answered meanwhile counts, else it is waited for. */
  async resume(turn: Turn, question: Question, asking: Omit<Asking, "asked">): Promise<void> {
    const pending = this.#wait(turn, question, asking);
    const now = await this.deps.store.questions.get(question.id);
    if (now?.state === "open" || this.#pending.get(question.id) !== pending) return;
    this.#forget(pending);
    pending.done(outcomeOf(now));
  }

  /**
   * Gives an answer to whoever waits for it, once.
   * @param option undefined denies
   * @param by a handle
   * @returns false when the question is not open (any more)
   */
  async answer(id: string, option: QuestionOption | undefined, by: string): Promise<boolean> {
    const { store, clock } = this.deps;
    const choice = questionWords.choice(option);
    const isFirst = await store.questions.end(id, "answered", clock.now(), { choice, by });
    if (!isFirst) return false;
    crashPoint("question.answered");
    const pending = this.#pending.get(id);
    if (!pending) return this.#isWaitedFor(id);
    this.#forget(pending);
    pending.done({ state: "answered", option, by });
    return true;
  }

  /** Looks whether questions were ended by another process, which tells whoever waits for them here. */
  async look(): Promise<void> {
    for (const pending of [...this.#pending.values()]) {
      const { id, options } = pending.question;
      const now = await this.deps.store.questions.get(id);
      if (now === undefined || now.state === "open" || this.#pending.get(id) !== pending) continue;
      this.#forget(pending);
      const outcome = outcomeOf(now);
      const isDenied =
        now.kind === "permission" &&
        outcome.state === "answered" &&
        !options.some(({ name }) => name === now.choice);
      pending.done(isDenied ? { ...outcome, option: undefined } : outcome);
    }
  }

  /**
   * Something was written that waits behind an open question of its session: whoever wrote it is told so, once.
   * @returns whether there is such a question
   */
  async tellWaiting(turnId: string, sessionKey: string): Promise<boolean> {
    const pending = [...this.#pending.values()].find(
      ({ turn }) => turn.sessionKey === sessionKey && turn.id !== turnId,
    );
    if (!pending) return false;
    const { store, clock } = this.deps;
    const waiting = await store.turns.get(turnId);
    if (!waiting || pending.told.has(waiting.chatKey)) return true;
    pending.told.add(waiting.chatKey);
    const { account, target, chatKey, envelope } = waiting;
    const { kind, answerers } = pending.question;
    const isAsked = answerers === undefined ? envelope.sender.isOwner : chatKey === pending.turn.chatKey;
    const text = questionWords.waits(isAsked, kind);
    await store.outbox.add(account, { target, chatKey, origin: "command", text }, clock.now());
    return true;
  }

  /** A run of a turn is over: nobody waits for what it asked. What may be asked again by the next run stays open. */
  endTurn(turnId: string): void {
    for (const pending of [...this.#pending.values()])
      if (pending.turn.id === turnId) {
        this.#forget(pending);
        pending.done({ state: "over" });
        if (pending.question.kind !== "ask")
          void this.deps.store.questions
            .end(pending.question.id, "closed", this.deps.clock.now())
            .catch(() => {});
      }
  }

  /** Whether an answer reaches somebody elsewhere: the turn may be about to run again, or runs in another process. */
  async #isWaitedFor(id: string): Promise<boolean> {
    const { store } = this.deps;
    const question = await store.questions.get(id);
    if (question?.kind === "ask") return true;
    return (
      store.errands !== undefined && (await store.turns.get(question?.turnId ?? ""))?.state === "running"
    );
  }

  #wait(turn: Turn, question: Question, { expired, done }: Omit<Asking, "asked">): Pending {
    const pending: Pending = { turn, question, expired, done, stopTimer: () => {}, told: new Set() };
    this.#pending.set(question.id, pending);
    this.#expireInTime(pending, 0);
    return pending;
  }

  /** @param lateMs what a question gets whose time was over before this was called, milliseconds */
  #expireInTime(pending: Pending, lateMs: number): void {
    const { clock } = this.deps;
    const { id, expiresAt } = pending.question;
    const leftMs = expiresAt - clock.now();
    pending.stopTimer =
      leftMs > longestWaitMs
        ? clock.after(longestWaitMs, () => this.#expireInTime(pending, freshMs))
        : deadline(clock, leftMs < 0 ? lateMs : leftMs, () => void this.#expire(id));
  }

  async #expire(id: string): Promise<void> {
    const { store, clock, log } = this.deps;
    const pending = this.#pending.get(id);
    if (!pending) return;
    let isExpired: boolean;
    try {
      const kept = await store.questions.get(id);
      // The disk may be full since before it was asked: it is kept open once there is room, and ends then.
      if (kept === undefined) return this.#expireLater(pending);
      // A vote that was given in time counts.
      const { vote } = kept;
      const chosen = vote && pending.question.options.find((option) => option.id === vote.option);
      if (vote && chosen && (await this.answer(id, chosen, vote.by))) return;
      if (this.#pending.get(id) !== pending) return;
      // Kept before it is told: an answer that is being kept at this moment was quicker.
      isExpired = await store.questions.end(id, "expired", clock.now());
    } catch (error) {
      log.error(`a question cannot be ended: ${messageOf(error)}`, { turn: pending.turn.id });
      return this.#expireLater(pending);
    }
    if (!isExpired) return;
    crashPoint("question.expired");
    if (this.#pending.get(id) !== pending) return;
    this.#forget(pending);
    pending.done({ state: "expired" });
    try {
      for (const item of pending.expired) await store.outbox.add(pending.turn.account, item, clock.now());
    } catch (error) {
      log.error(`nobody is told that a question expired: ${messageOf(error)}`, { turn: pending.turn.id });
    }
  }

  #expireLater(pending: Pending): void {
    const { id } = pending.question;
    if (this.#pending.get(id) === pending)
      pending.stopTimer = this.deps.clock.after(retryMs, () => void this.#expire(id));
  }

  #forget({ question, stopTimer }: Pending): void {
    stopTimer();
    this.#pending.delete(question.id);
  }
}

/** What a question came to that is not open any more. */
export function outcomeOf(question: Question | undefined): Outcome {
  const { state, choice = "", answeredBy = "", options = [] } = question ?? {};
  if (state === "expired") return { state };
  if (state !== "answered") return { state: "over" };
  const option = options.find(({ name }) => name === choice);
  return { state, option: option ?? { id: "", name: choice, kind: "words" }, by: answeredBy };
}
