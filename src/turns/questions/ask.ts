import type { PermissionOption } from "../../agents/index.js";
import { showable } from "../../outbound/index.js";
import { type Clock, type Log, messageOf } from "../../platform/index.js";
import type { NewOutboxItem, Question, QuestionOption, Store, Turn } from "../../store/index.js";
import type { PermissionRequest } from "../running/parts.js";
import { orderedChoices, pollOf } from "./choices.js";
import { OpenQuestions } from "./open-questions.js";
import { inChat, toOwners } from "./places.js";
import { questionWords } from "./text.js";

export interface QuestionDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Owners of an account, in normal form. */
  owners: (account: string) => Promise<string[]>;
  /** Whether the Mac of an account has polls. */
  hasPolls: (account: string) => boolean;
  timeoutMs: () => number;
}

/**
 * Puts permission requests to an owner, while their turns wait (behaviour 6.5). Asked in the chat where an owner wrote,
 * else in the owners' own chats: what an agent is about to do is nobody else's business (behaviour 10.3).
 */
export class Questions {
  /** All for which turns wait. */
  readonly open: OpenQuestions;

  constructor(private readonly deps: QuestionDeps) {
    this.open = new OpenQuestions(deps);
  }

  /** Whom a question for owners goes to, in normal form. */
  ownersOf(account: string): Promise<string[]> {
    return this.deps.owners(account);
  }

  /** Whether the Mac of an account has polls, as far as is known. */
  hasPolls(account: string): boolean {
    return this.deps.hasPolls(account);
  }

  /** Asks; the turn goes on when somebody answers, or when the time is over. */
  ask(turn: Turn, request: PermissionRequest): void {
    this.#ask(turn, request).catch((error) => {
      this.deps.log.error(`a permission request could not be asked and is denied: ${messageOf(error)}`, {
        turn: turn.id,
      });
      request.answer(undefined);
    });
  }

  /** Gives an answer to whoever waits for it, see {@link OpenQuestions.answer}. */
  answer(id: string, option: QuestionOption | undefined, by: string): Promise<boolean> {
    return this.open.answer(id, option, by);
  }

  /** Tells whoever wrote something that it waits, see {@link OpenQuestions.tellWaiting}. */
  tellWaiting(turnId: string, sessionKey: string): Promise<boolean> {
    return this.open.tellWaiting(turnId, sessionKey);
  }

  /** A run of a turn is over, see {@link OpenQuestions.endTurn}. */
  endTurn(turnId: string): void {
    this.open.endTurn(turnId);
  }

  async #ask(turn: Turn, request: PermissionRequest): Promise<void> {
    const { store, clock, log, owners, timeoutMs } = this.deps;
    const at = clock.now();
    const { permissions = "ask" } = await store.bindings.settings(turn.sessionKey);
    if (permissions !== "ask") {
      request.answer(permissions === "allow" ? allowing(request.options)?.id : undefined);
      return;
    }
    const title = showable(request.title);
    const to = await owners(turn.account);
    const place = (text: string) => placesOf(turn, to, text);
    if (questionWords.isTooLong(request.details)) {
      log.warn("a permission request is denied: it is too long to be shown", { turn: turn.id });
      request.answer(undefined);
      for (const item of place(questionWords.tooLong(title, request.details.length)))
        await store.outbox.add(turn.account, item, at);
      return;
    }
    if (place(title).length === 0) {
      log.warn("a permission request is denied: there is no owner to ask (commands.ownerAllowFrom)", {
        turn: turn.id,
      });
      request.answer(undefined);
      return;
    }
    const { id: turnId, account, sessionKey } = turn;
    const options = orderedChoices(request.options);
    const times = { askedAt: at, expiresAt: at + timeoutMs() };
    const draft = { kind: "permission" as const, account, turnId, sessionKey, title, options, ...times };
    await this.open.put(turn, draft, {
      asked: (question) => this.#asked(question, request.details, place),
      expired: place(questionWords.expired(title)),
      done: (outcome) => {
        if (outcome.state === "answered") request.answer(outcome.option?.id);
        else if (outcome.state === "expired") request.answer(undefined, true);
      },
    });
  }

  #asked(question: Question, details: string, place: (text: string) => NewOutboxItem[]): NewOutboxItem[] {
    const { account, options } = question;
    const poll = this.deps.hasPolls(account) ? pollOf(questionWords.asksFor(question), options) : undefined;
    const texts = questionWords.asked(question, details, poll !== undefined);
    const last = place(texts.at(-1)!).map((item) => (poll ? { ...item, poll } : item));
    return [...texts.slice(0, -1).flatMap(place), ...last];
  }
}

function placesOf(turn: Turn, owners: string[], text: string): NewOutboxItem[] {
  return turn.envelope.sender.isOwner ? inChat(turn, text) : toOwners(turn, owners, text);
}

function allowing(options: PermissionOption[]): PermissionOption | undefined {
  return options.find(({ kind }) => kind === "allow_once");
}
