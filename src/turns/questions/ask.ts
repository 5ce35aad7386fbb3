import type { PermissionOption } from "../../agents/index.js";
import { ownerNotices, showable } from "../../outbound/index.js";
import { type Clock, deadline, type Log, messageOf, type StopTimer } from "../../platform/index.js";
import type { NewOutboxItem, Question, Store, Turn } from "../../store/index.js";
import type { PermissionRequest } from "../running/parts.js";
import { orderedChoices } from "./choices.js";
import { newId } from "./id.js";
import { questionWords } from "./text.js";

export interface QuestionDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Owners of an account, in normal form. */
  owners: (account: string) => Promise<string[]>;
  timeoutMs: () => number;
}

interface Pending {
  turn: Turn;
  question: Question;
  request: PermissionRequest;
  stopTimer: StopTimer;
  /** Conversations that were told that they wait. */
  told: Set<string>;
}

/**
 * Puts permission requests to an owner, while their turns wait (behaviour 6.5). Asked in the chat where an owner wrote,
 * else in the owners' own chats: what an agent is about to do is nobody else's business (behaviour 10.3).
 */
export class Questions {
  readonly #pending = new Map<string, Pending>();

  constructor(private readonly deps: QuestionDeps) {}

  /** Asks; the turn goes on when somebody answers, or when the time is over. */
  ask(turn: Turn, request: PermissionRequest): void {
    this.#ask(turn, request).catch((error) => {
      this.deps.log.error(`a permission request could not be asked and is denied: ${messageOf(error)}`, {
        turn: turn.id,
      });
      request.answer(undefined);
    });
  }

  /**
   * Gives an answer to the agent, once.
   * @param option undefined denies
   * @param by the owner's handle
   * @returns false when the question is not open (any more)
   */
  async answer(id: string, option: PermissionOption | undefined, by: string): Promise<boolean> {
    const pending = this.#pending.get(id);
    const choice = questionWords.choice(option);
    const first = await this.deps.store.questions.end(id, "answered", this.deps.clock.now(), { choice, by });
    if (!first || !pending) return false;
    this.#forget(pending);
    pending.request.answer(option?.id);
    return true;
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
    const text = questionWords.waits(envelope.sender.isOwner);
    await store.outbox.add(account, { target, chatKey, origin: "command", text }, clock.now());
    return true;
  }

  /** A turn is over: what it asked is not open any more. */
  endTurn(turnId: string): void {
    for (const pending of [...this.#pending.values()])
      if (pending.turn.id === turnId) {
        this.#forget(pending);
        void this.deps.store.questions
          .end(pending.question.id, "closed", this.deps.clock.now())
          .catch(() => {});
      }
  }

  async #ask(turn: Turn, request: PermissionRequest): Promise<void> {
    const { store, clock, log, owners, timeoutMs } = this.deps;
    const at = clock.now();
    const { permissions = "ask" } = await store.bindings.settings(turn.sessionKey);
    if (permissions !== "ask") {
      request.answer(permissions === "allow" ? allowing(request.options)?.id : undefined);
      return;
    }
    const question: Question = {
      id: newId(),
      kind: "permission",
      account: turn.account,
      turnId: turn.id,
      sessionKey: turn.sessionKey,
      title: showable(request.title),
      options: orderedChoices(request.options),
      askedAt: at,
      expiresAt: at + timeoutMs(),
      state: "open",
    };
    const to = await owners(turn.account);
    const texts = questionWords.asked(question, request.details);
    const asked = texts.flatMap((text) => placesOf(turn, to, text));
    if (texts.length === 0) {
      log.warn("a permission request is denied: it is too long to be shown", { turn: turn.id });
      request.answer(undefined);
      for (const item of placesOf(turn, to, questionWords.tooLong(question.title, request.details.length)))
        await store.outbox.add(turn.account, item, at);
      return;
    }
    if (asked.length === 0) {
      log.warn("a permission request is denied: there is no owner to ask (commands.ownerAllowFrom)", {
        turn: turn.id,
      });
      request.answer(undefined);
      return;
    }
    const places = placesOf(turn, to, questionWords.expired(question.title));
    const stopTimer = deadline(clock, timeoutMs(), () => void this.#expire(question.id, places));
    this.#pending.set(question.id, { turn, question, request, stopTimer, told: new Set() });
    if (await store.questions.ask(question, asked)) return;
    // Somebody asked under this id before: another one is drawn.
    this.#forget(this.#pending.get(question.id)!);
    await this.#ask(turn, request);
  }

  async #expire(id: string, notices: NewOutboxItem[]): Promise<void> {
    const { store, clock, log } = this.deps;
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#forget(pending);
    pending.request.answer(undefined, true);
    if (!(await store.questions.end(id, "expired", clock.now()).catch(() => false))) return;
    try {
      for (const item of notices) await store.outbox.add(pending.turn.account, item, clock.now());
    } catch (error) {
      log.error(`nobody is told that a question expired: ${messageOf(error)}`, { turn: pending.turn.id });
    }
  }

  #forget({ question, stopTimer }: Pending): void {
    stopTimer();
    this.#pending.delete(question.id);
  }
}

function placesOf(turn: Turn, owners: string[], text: string): NewOutboxItem[] {
  const { sender, chat } = turn.envelope;
  if (sender.isOwner) return [{ target: turn.target, chatKey: turn.chatKey, origin: "turn", text }];
  const where = chat.isGroup ? chat.name || `chat_id:${chat.chatId}` : (sender.name ?? sender.handle);
  return ownerNotices(owners, questionWords.askedElsewhere(where, text));
}

function allowing(options: PermissionOption[]): PermissionOption | undefined {
  return options.find(({ kind }) => kind === "allow_once");
}
