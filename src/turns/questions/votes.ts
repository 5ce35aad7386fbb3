import type { TextRules } from "../../outbound/index.js";
import {
  type Clock,
  crashPoint,
  type Log,
  longestWaitMs,
  messageOf,
  type StopTimer,
  WakeLatch,
} from "../../platform/index.js";
import type { GivenVote, Question, QuestionVote, Store } from "../../store/index.js";
import { decideDraft } from "../drafts/decide.js";
import { notedText } from "./noted.js";
import type { OpenQuestions } from "./open-questions.js";
import { questionWords } from "./text.js";

/** How long after the first vote it counts as it is then, milliseconds: who tapped the wrong line taps another one. */
export const voteSettleMs = 5000;
/** Wait before the store is asked again after a failure, milliseconds. */
const retryMs = 1000;

export interface VoteDeps {
  store: Store;
  clock: Clock;
  log: Log;
  questions: OpenQuestions;
  /** How the texts of an account are divided. */
  rulesOf: (account: string) => TextRules;
}

/**
 * Carries out votes a little after they were given, so that one that is changed in time counts as the last one (behaviour 18.2).
 * They are on the disk meanwhile: what fell due while nothing ran is carried out at the start.
 */
export class Votes {
  #stopTimer: StopTimer = () => {};
  #isOver = false;
  readonly #latch = new WakeLatch(() => this.#look());

  constructor(private readonly deps: VoteDeps) {}

  /** Begins to look. */
  start(): void {
    this.#isOver = false;
    this.wake();
  }

  /** A vote may be due that was given elsewhere. */
  wake(): void {
    if (!this.#isOver) this.#latch.wake();
  }

  /** Looks no more; what falls due waits for the next start. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#stopTimer();
    await this.#latch.underWay;
  }

  /**
   * Keeps a vote, or takes it back.
   * @returns false when the question is not open (any more), or somebody else has voted
   */
  async give(id: string, vote: GivenVote): Promise<boolean> {
    const { store, clock } = this.deps;
    const isKept = await store.questions.vote(id, vote, clock.now() + voteSettleMs);
    crashPoint("question.voted");
    this.wake();
    return isKept;
  }

  async #look(): Promise<void> {
    const { store, clock, log } = this.deps;
    this.#stopTimer();
    try {
      for (const question of await store.questions.votesDue(clock.now())) await this.#settle(question);
      const next = await store.questions.nextVote();
      if (next !== undefined) this.#wakeIn(next - clock.now());
    } catch (error) {
      log.error(`votes cannot be carried out: ${messageOf(error)}`);
      this.#wakeIn(retryMs);
    }
  }

  #wakeIn(ms: number): void {
    if (this.#isOver) return;
    this.#stopTimer();
    this.#stopTimer = this.deps.clock.after(Math.min(Math.max(ms, 0), longestWaitMs), () => this.wake());
  }

  async #settle(question: Question): Promise<void> {
    const { store, clock } = this.deps;
    const vote = question.vote!;
    const text = await this.#carryOut(question, vote);
    crashPoint("question.settled");
    const said = text === "" ? [] : [{ ...vote.chat, origin: "command" as const, text }];
    await store.questions.voted(question.id, said, clock.now());
  }

  /** @returns what is said to who voted */
  async #carryOut(question: Question, { option: id, by, chat, settlesAt }: QuestionVote): Promise<string> {
    const { store, clock, questions, rulesOf } = this.deps;
    const { kind, state, endedAt = 0, answeredBy } = question;
    const option = question.options.find((each) => each.id === id);
    const isOwn = state === "answered" && answeredBy === by;
    // Its voter said it in another way before, and was answered then.
    if (isOwn && endedAt < settlesAt) return "";
    if (kind === "draft" && !isOwn) {
      const draft = await store.drafts.get(question.id);
      const word = { sends: id === "send", by };
      return draft ? (await decideDraft(store, draft, word, rulesOf(draft.account), clock.now())).text : "";
    }
    if (!isOwn && (state !== "open" || !option)) return questionWords.tooLate(question);
    // A crash may have come between an answer and what is said about it.
    if (!isOwn && !(await questions.answer(question.id, option, by))) return questionWords.overtaken;
    return notedText(store, question, option, [chat.chatKey]);
  }
}
