import { accountDefaults, resolveAccount } from "../config/index.js";
import type { Draft } from "../store/index.js";
import { draftWords, linesOf, ownersOf, rewordDraft } from "../turns/index.js";
import { settleDraft } from "./answer-draft.js";
import type { CommandContext, TypedCommand } from "./contract.js";

const usage = "/drafts [show|send|drop <id>] [edit <id> <better words>]";
/** Longest list, entries. */
const mostShown = 30;

/** `/drafts`: what waits for an owner's yes in the account (behaviour 18.1). */
export const draftsCommand: TypedCommand = {
  name: "drafts",
  usage,
  summary: "what waits for your yes before it is sent",
  quick: true,
  who: "owners",
  async run(context) {
    const [verb = "list", id = ""] = context.words.split(/\s+/).filter((word) => word !== "");
    if (verb === "list" && id === "") return { toOwner: await listed(context) };
    if (id === "") return `Usage: ${usage}`;
    const draft = await context.store.drafts.get(id.toLowerCase());
    if (!draft || draft.account !== context.entry.account || draft.state === "open")
      return draftWords.unknown(id);
    const text = await done(context, verb, draft);
    return text === undefined ? `Usage: ${usage}` : { toOwner: text };
  },
};

async function done(
  context: CommandContext,
  verb: string,
  draft: Draft,
): Promise<string | string[] | undefined> {
  switch (verb) {
    case "show":
      return shown(context, draft);
    case "send":
    case "drop":
      return settleDraft(context, draft, { sends: verb === "send" });
    case "edit":
      return reworded(context, draft);
    default:
      return undefined;
  }
}

async function listed({ store, entry }: CommandContext): Promise<string> {
  const waiting = await store.drafts.list({ account: entry.account, states: ["held"], limit: mostShown });
  if (waiting.length === 0) return draftWords.noneWait;
  const lines: string[] = [];
  for (const draft of waiting.toReversed())
    lines.push(draftWords.listed(draft, draftWords.title(draft, await linesOf(draft.parts, store))));
  return lines.join("\n");
}

/** In the messages in which it was asked about (behaviour 18.1). */
async function shown({ store }: CommandContext, draft: Draft): Promise<string | string[]> {
  if (draft.state !== "held") return draftWords.tooLate(draft);
  const lines = await linesOf(draft.parts, store);
  const asked = draftWords.asked(draft, lines);
  return asked.length > 0 ? asked : draftWords.tooLong(draft, lines.join("\n").length);
}

/** The words are what follows the id, as it was written. */
async function reworded({ store, config, clock, words }: CommandContext, draft: Draft): Promise<string> {
  const text = words.replace(/^\S+\s+\S+\s*/, "");
  if (text === "") return `Usage: ${usage}`;
  const rules = resolveAccount(config, draft.account) ?? accountDefaults;
  const owners = await ownersOf(config, draft.account, store);
  return (await rewordDraft(store, draft, text, { rules, owners }, clock.now())).text;
}
