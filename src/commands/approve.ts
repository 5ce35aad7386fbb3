import { writtenAt } from "../inbound/index.js";
import type { Question } from "../store/index.js";
import { questionWords } from "../turns/index.js";
import { answerQuestion } from "./answer.js";
import type { TypedCommand } from "./contract.js";

const usage = "/approve <id> <number>";

/**
 * `/approve`: an owner answers a permission request of an agent (behaviour 6.5), or about a draft (18.1); anybody, what an agent
 * asks them (18.2).
 */
export const approveCommand: TypedCommand = {
  name: "approve",
  usage,
  summary:
    "answer by its name what is asked here: what an agent wants to know, for owners also drafts and permissions",
  quick: true,
  who: "admitted",
  async run(context) {
    const { store, entry, words, chatKeys, handle, isOwner } = context;
    const [first = "", ...rest] = words.split(/\s+/).filter(Boolean);
    const mayAnswer = ({ answerers }: Question) => isOwner || answerers?.includes(handle) === true;
    const open = (await store.questions.open(entry.account, chatKeys)).filter(mayAnswer);
    if (first === "")
      return open.length === 0 ? questionWords.noneOpen : open.map(questionWords.listed).join("\n");
    const named = await store.questions.get(first.toLowerCase());
    if (named && named.account === entry.account && mayAnswer(named)) {
      const answer = await answerQuestion(context, named, {
        given: rest.join(" "),
        isNamed: true,
        isFree: false,
      });
      // What was asked elsewhere is not for this chat.
      if (open.some(({ id }) => id === named.id)) return answer;
      return isOwner ? { toOwner: answer } : questionWords.saidElsewhere;
    }
    if (open.length > 1) return questionWords.severalOpen(open);
    const chat = { keys: chatKeys, ...writtenAt(entry) };
    const by = { handle, isOwner };
    const isOlder = (await store.questions.asked(entry.account, { chat, by })).some(
      ({ id }) => id === open[0]?.id,
    );
    const given = [first, ...rest].join(" ");
    if (open.length === 1 && isOlder)
      return answerQuestion(context, open[0]!, { given, isNamed: false, isFree: false });
    return isOwner ? questionWords.unknown(first, usage) : questionWords.forOwners;
  },
};
