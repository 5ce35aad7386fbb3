import { createHash } from "node:crypto";
import type { AskedChoice, AskTool, ChosenAnswer } from "../../agents/index.js";
import { renderMarkdown, showable } from "../../outbound/index.js";
import { type Clock, TapbackError } from "../../platform/index.js";
import type { NewOutboxItem, NewQuestion, Question, Store, Turn } from "../../store/index.js";
import type { TurnRights } from "../tools/turn-rights.js";
import { pollOf } from "./choices.js";
import { type Asking, type OpenQuestions, type Outcome, outcomeOf } from "./open-questions.js";
import { directorsOf, inChat, isOwnersChat, toOwners } from "./places.js";
import { questionWords } from "./text.js";

/** What a turn asks with. */
export interface AskDeps {
  store: Pick<Store, "questions">;
  clock: Clock;
  questions: OpenQuestions;
  rights: TurnRights;
  /** What the chat and the account of the turn say at the moment. */
  facts: AskFacts;
  /** Lets the clocks of the turn stand still. @returns lets them go on */
  wait: () => () => void;
}

/** What holds where a turn asks. */
export interface AskFacts {
  /** Owners of the account, in normal form. */
  owners(): Promise<string[]>;
  /** Whether what is written into the turn's conversation waits for an owner's yes (behaviour 18.1). */
  isReviewed(): boolean;
  /** Whether its Mac has polls, as far as is known. */
  hasPolls(): boolean;
  /** The region of the account, for handles. */
  region(): string;
}

/** The tool with which the agent of a turn asks its own conversation, or an owner (behaviour 18.2). */
export function askingTool(turn: Turn, deps: AskDeps): AskTool {
  const asked = new Map<string, number>();
  const occasions: string[] = [];
  return {
    ask: async (choice) => {
      deps.rights.act();
      // The same for the same turn, however often a crash makes it run.
      const { timeoutSeconds: _, ...same } = choice;
      const what = createHash("sha256").update(JSON.stringify(same)).digest("hex").slice(0, 16);
      const count = asked.get(what) ?? 0;
      asked.set(what, count + 1);
      const occasion = `${what} ${count}`;
      occasions.push(occasion);
      const goOn = deps.wait();
      try {
        return await askOnce(turn, choice, occasion, occasions, deps);
      } finally {
        goOn();
      }
    },
  };
}

async function askOnce(
  turn: Turn,
  choice: AskedChoice,
  occasion: string,
  occasions: readonly string[],
  { store, clock, questions, facts }: AskDeps,
): Promise<ChosenAnswer> {
  const before = turn.attempt > 1 ? await store.questions.ofTurn(turn.id, occasion) : undefined;
  if (before && (before.state === "answered" || before.state === "expired"))
    return answerOf(before.options, outcomeOf(before));
  const owners = await facts.owners();
  const place = placeOf(turn, choice, owners, facts);
  return new Promise<ChosenAnswer>((resolve, reject) => {
    const done = (outcome: Outcome) => {
      try {
        resolve(answerOf(options, outcome));
      } catch (error) {
        reject(error);
      }
    };
    const options = choice.options.map((name, index) => ({
      ...{ id: String(index + 1), name: showable(name), kind: "choice" as const },
    }));
    const put = async () => {
      if (before?.state === "open") return questions.resume(turn, before, { expired: [], done });
      const at = clock.now();
      // A later run that asks something else waits for no answer to what it asks no more.
      if (turn.attempt > 1) await store.questions.closeOthers(turn.id, occasions, at);
      const { text: question } = renderMarkdown(choice.question);
      const { id: turnId, account, sessionKey } = turn;
      const draft: Omit<NewQuestion, "id"> = {
        ...{ kind: "ask", account, turnId, sessionKey, options, occasion },
        ...{ title: questionWords.pollTitle(question), askedAt: at },
        expiresAt: at + Math.ceil(choice.timeoutSeconds * 1000),
        ...place.rules,
      };
      const asking: Asking = {
        asked: (stored) => messagesOf(stored, question, place.put, facts.hasPolls()),
        expired: [],
        done,
      };
      await questions.put(turn, draft, asking);
    };
    put().catch(reject);
  });
}

/** Where a question goes, and who may answer it how. @throws `ACTION_UNAVAILABLE` */
function placeOf(
  turn: Turn,
  { who, other }: AskedChoice,
  owners: readonly string[],
  facts: AskFacts,
): { put: (text: string) => NewOutboxItem[]; rules: Pick<NewQuestion, "answerers" | "words"> } {
  const { sender, chat } = turn.envelope;
  const isHere = who === "chat" || isOwnersChat(turn);
  const words = other ? { words: isHere && !chat.isGroup ? ("plain" as const) : ("reply" as const) } : {};
  if (isHere) {
    if (who === "chat" && facts.isReviewed())
      throw new TapbackError(
        "ACTION_UNAVAILABLE",
        "what is written into this chat waits for an owner's yes",
        {
          hint: "Ask with who: owner, or write the question as your answer.",
        },
      );
    // The choice directs the turn: nobody decides for an owner what is done with an owner's rights.
    const rules = sender.isOwner ? words : { ...words, answerers: directorsOf(turn, facts.region()) };
    return { put: (text) => inChat(turn, text), rules };
  }
  if (owners.length === 0)
    throw new TapbackError("ACTION_UNAVAILABLE", "there is no owner to ask", {
      hint: "commands.ownerAllowFrom names the owners.",
    });
  return { put: (text) => toOwners(turn, owners, text), rules: words };
}

/** The messages that ask; the last has the choices, and goes as a poll where the Mac has polls. */
function messagesOf(
  stored: Question,
  question: string,
  put: (text: string) => NewOutboxItem[],
  hasPolls: boolean,
): NewOutboxItem[] {
  const poll = hasPolls ? pollOf(stored.title, stored.options) : undefined;
  const isCut = stored.title !== question;
  const texts = questionWords.wanted(stored, question, isCut);
  const last = put(texts.at(-1)!).map((item) => (poll ? { ...item, poll } : item));
  return [...texts.slice(0, -1).flatMap(put), ...last];
}

/** @throws `NO_TURN` */
function answerOf(options: Question["options"], outcome: Outcome): ChosenAnswer {
  if (outcome.state === "expired") return { expired: true };
  if (outcome.state !== "answered" || !outcome.option)
    throw new TapbackError("NO_TURN", "the turn ended before the question was answered");
  const { option, by } = outcome;
  if (option.kind === "words") return { words: option.name, by };
  return { choice: option.name, number: options.findIndex(({ id }) => id === option.id) + 1, by };
}
