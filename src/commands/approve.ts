import { questionWords } from "../turns/index.js";
import { answerQuestion } from "./answer.js";
import type { TypedCommand } from "./contract.js";

const usage = "/approve <id> <number>";

/** `/approve`: an owner answers a permission request of an agent (behaviour 6.5), or about a draft (18.1). */
export const approveCommand: TypedCommand = {
  name: "approve",
  usage,
  summary: "answer what an agent asks to be allowed, or a draft",
  quick: true,
  who: "owners",
  async run(context) {
    const { store, entry, words, chatKeys } = context;
    const [first = "", ...rest] = words.split(/\s+/).filter(Boolean);
    const open = await store.questions.open(entry.account, chatKeys);
    if (first === "")
      return open.length === 0 ? questionWords.noneOpen : open.map(questionWords.listed).join("\n");
    const named = await store.questions.get(first.toLowerCase());
    if (named && named.account === entry.account) {
      const answer = await answerQuestion(context, named, {
        given: rest.join(" "),
        isNamed: true,
        isFree: false,
      });
      // What was asked elsewhere is not for this chat.
      return open.some(({ id }) => id === named.id) ? answer : { toOwner: answer };
    }
    if (open.length > 1) return questionWords.severalOpen(open);
    const chat = { keys: chatKeys, writtenAt: Math.min(entry.row.sentAt, entry.receivedAt) };
    const isOlder = (await store.questions.asked(entry.account, { chat })).some(
      ({ id }) => id === open[0]?.id,
    );
    const given = [first, ...rest].join(" ");
    if (open.length === 1 && isOlder)
      return answerQuestion(context, open[0]!, { given, isNamed: false, isFree: false });
    return questionWords.unknown(first, usage);
  },
};
