import type { Question, QuestionOption, Store } from "../../store/index.js";
import { questionWords } from "./text.js";

/**
 * What is said to who answered: nothing where the agent goes on in that very chat with what it wanted to know (behaviour 18.2).
 * @param chatKeys of the chat in which the answer was given
 */
export async function notedText(
  store: Pick<Store, "turns">,
  { kind, turnId }: Question,
  option: QuestionOption | undefined,
  chatKeys: readonly string[],
): Promise<string> {
  const turn = kind === "ask" ? await store.turns.get(turnId) : undefined;
  return turn && chatKeys.includes(turn.chatKey) ? "" : questionWords.noted(questionWords.choice(option));
}
