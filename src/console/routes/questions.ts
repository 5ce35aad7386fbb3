import * as z from "zod";
import { type AnyRoute, invalid, route, time, unknown } from "../../api/serving/index.js";
import { settleQuestion } from "../../commands/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Store, WaitingQuestion } from "../../store/index.js";
import { questionWords } from "../../turns/index.js";
import type { ConsoleDeps } from "../deps.js";

export const question = z
  .object({
    id: z.string(),
    kind: z.enum(["permission", "ask"]),
    account: z.string(),
    agentId: z.string(),
    about: z.string().describe("The conversation whose turn asks, as people read it."),
    title: z.string(),
    texts: z.array(z.string()).describe("The messages that ask it, whole: nobody allows what was not shown."),
    choices: z.array(z.object({ name: z.string(), isLasting: z.boolean() })),
    takesWords: z.boolean().describe("Whether words that are none of the choices are an answer too."),
    answerers: z.array(z.string()).nullable().describe("Who was asked; null where owners were."),
    askedAt: time(),
    expiresAt: time(),
  })
  .meta({ id: "Question" });

/** What agents ask, and the owner's answers to it (behaviour 6.5, 18.2): each is given as `/approve ID` in a chat gives it. */
export function questionRoutes({ work }: ConsoleDeps): AnyRoute[] {
  return [
    route({
      id: "listQuestions",
      method: "get",
      path: "/v1/questions",
      scope: "people",
      summary: "List what agents ask and what waits for an answer, the oldest first.",
      result: z.object({ items: z.array(question) }),
      async handle({ api: { store } }) {
        const waiting = await store.questions.waiting();
        return { items: await Promise.all(waiting.map((each) => questionFacts(each, store))) };
      },
    }),
    route({
      id: "answerQuestion",
      method: "post",
      path: "/v1/questions/{question}/answer",
      scope: "people",
      summary: "Answer what an agent asks, by the number of a choice, or in words where it takes them.",
      parameters: { path: z.strictObject({ question: z.string().max(40) }) },
      body: z.strictObject({ answer: z.string().min(1).max(20_000) }),
      result: z.object({ noted: z.string() }),
      refusals: [409],
      async handle({ path, body, by, api: { store } }) {
        const asked = await store.questions.get(path.question.toLowerCase());
        // Drafts have requests of their own.
        if (!asked || asked.kind === "draft") throw unknown();
        const outcome = await settleQuestion(
          asked,
          { given: body.answer, isNamed: true },
          by,
          work.questions,
        );
        if (outcome.state === "noted")
          return { noted: questionWords.noted(questionWords.choice(outcome.option)) };
        const why = questionWords.refused(asked, outcome.state);
        throw outcome.state === "no-choice" ? invalid(why) : new TapbackError("QUESTION_SETTLED", why);
      },
    }),
  ];
}

async function questionFacts(asked: WaitingQuestion, store: Pick<Store, "turns">) {
  const { id, kind, account, turnId, title, texts, options, words, answerers, askedAt, expiresAt } = asked;
  const turn = await store.turns.get(turnId);
  const { chat, sender } = turn?.envelope ?? {};
  return {
    ...{ id, account, title, texts },
    kind: kind === "permission" ? ("permission" as const) : ("ask" as const),
    agentId: turn?.agentId ?? "",
    about: (chat?.isGroup ? chat.name || `chat_id:${chat.chatId}` : (sender?.name ?? sender?.handle)) ?? "",
    choices: options.map((option) => ({ name: option.name, isLasting: option.kind.endsWith("_always") })),
    takesWords: words !== undefined,
    answerers: answerers ?? null,
    askedAt: new Date(askedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}
