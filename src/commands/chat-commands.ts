import { accountDefaults, type Config, resolveAccount } from "../config/index.js";
import {
  chatKeyOf,
  chatKeysOf,
  type Decision,
  formatTarget,
  type MessageRow,
  normalizeHandle,
  readableText,
  replyTargetOf,
  type Target,
} from "../conversation/index.js";
import type { AccountRules } from "../inbound/index.js";
import { chunkText, ownerNotices } from "../outbound/index.js";
import { type Clock, type Log, messageOf } from "../platform/index.js";
import {
  type Claim,
  type CommandDone,
  type JournalEntry,
  type NewOutboxItem,
  type Origin,
  type Store,
  together,
} from "../store/index.js";
import type { CommandAnswer, CommandContext, EndedTurn, GatewayControls } from "./contract.js";
import { noticesOfEnded } from "./ended-turns.js";
import { endHeld } from "./held.js";
import { commandNamed } from "./table.js";

export interface ChatCommandDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  controls: GatewayControls;
}

type CommandDecision = Decision & { kind: "command" };

/** What a group reads where the answer is for an owner alone: names, words and paths of others (behaviour 12). */
const answeredElsewhere = "The answer is for you alone: it is in your own chat with me.";

/** Runs what people say to the gateway itself rather than to an agent. */
export class ChatCommands {
  constructor(private readonly deps: ChatCommandDeps) {}

  /**
   * Ends the command's row together with its answer. A command that died half-way is run again by the next start.
   * @returns words that become the sender's message to the agent, for a command that only passes them on: its row goes on
   * @throws what went wrong with something that people say who were let in nowhere: the row is taken up again
   */
  async run(
    claim: Claim,
    entry: JournalEntry,
    decision: CommandDecision,
    rules: AccountRules,
  ): Promise<string | undefined> {
    const { store, clock } = this.deps;
    const ended: EndedTurn[] = [];
    const answer = await this.#answer(claim, entry, decision, rules, ended);
    const notices = noticesOfEnded(ended, { account: entry.account, chats: chatsOf(entry.row) });
    const isPrompt = typeof answer === "object" && "prompt" in answer;
    const own: NewOutboxItem[] = [];
    for (const { account, item } of notices)
      if (account === entry.account && !isPrompt) own.push(item);
      else await store.outbox.add(account, item, clock.now());
    if (isPrompt) return answer.prompt;
    const { textChunkLimit } = resolveAccount(this.deps.config(), entry.account) ?? accountDefaults;
    const { region } = rules.policy;
    const done = doneBy(entry, answer, decision, { region, textChunkLimit });
    await store.journal.complete(
      claim,
      entry.id,
      { ...done, replies: [...done.replies, ...own] },
      clock.now(),
    );
    return undefined;
  }

  /** @param ended gets the turns that the command ends */
  async #answer(
    claim: Claim,
    entry: JournalEntry,
    decision: CommandDecision,
    rules: AccountRules,
    ended: EndedTurn[],
  ): Promise<CommandAnswer> {
    const command = commandNamed(decision.name);
    if (!command) return "";
    try {
      const context = await this.#contextOf(claim, entry, decision, rules);
      if (command.who === "owners" && !context.isOwner) return command.refusal ?? refusal(context);
      return await command.run({ ...context, gateway: telling(context.gateway, ended) });
    } catch (error) {
      if (command.who === "anyone") throw error;
      this.deps.log.error(`/${command.name} failed: ${messageOf(error)}`, { id: entry.id });
      return "That did not work. The gateway's log says why.";
    }
  }

  async #contextOf(
    claim: Claim,
    entry: JournalEntry,
    { isOwner, silent = false, over }: CommandDecision,
    { policy, sessionOf }: AccountRules,
  ): Promise<CommandContext> {
    const { store, clock, log, config, controls } = this.deps;
    const { account, row } = entry;
    const { agentId, sessionKey } = sessionOf(row, await store.bindings.find(account, chatKeysOf(row)));
    const chatKey = chatKeyOf(replyTargetOf(row));
    return {
      words: readableText(row.text).replace(/^\/\S+\s*/, ""),
      isOwner,
      handle: normalizeHandle(row.sender, policy.region),
      silent,
      over,
      hasOwner: policy.owners.size > 0 || (await store.pairing.owners(account)).length > 0,
      entry,
      agentId,
      sessionKey,
      chatKey,
      chatKeys: chatKeysOf(row),
      place: { agentId, sessionKey, account, chatKey },
      origin: { account, chats: chatsOf(row) },
      config: config(),
      store,
      clock,
      log,
      gateway: controls,
      endHeld: () => endHeld(entry, claim, store, clock.now()),
    };
  }
}

/** Says how to become an owner, where there is none (behaviour 12). */
function refusal({ hasOwner }: CommandContext): string {
  return hasOwner
    ? "This command is for owners, over iMessage."
    : "This command is for owners, and none is set. Set commands.ownerAllowFrom in the configuration, or run `tapback pair --owner`.";
}

/** The targets that turns of a row's conversation may have: those of a person may be older than the chat's number. */
function chatsOf(row: MessageRow): string[] {
  const person = { kind: "handle", handle: normalizeHandle(row.sender), service: "auto" } as const;
  const targets: Target[] = [replyTargetOf(row), ...(row.chat.isGroup ? [] : [person])];
  return targets.map(formatTarget);
}

/** The gateway's controls, with a list of what they ended. */
function telling(controls: GatewayControls, ended: EndedTurn[]): GatewayControls {
  return {
    ...controls,
    cancel: async (sessionKey, from) => {
      const turns = await controls.cancel(sessionKey, from);
      ended.push(...turns);
      return turns;
    },
  };
}

function doneBy(
  { row }: JournalEntry,
  answer: Exclude<CommandAnswer, { prompt: string }>,
  { treatedAs }: CommandDecision,
  { region, textChunkLimit }: { region: string; textChunkLimit: number },
): CommandDone {
  const target = replyTargetOf(row);
  const { guid } = row.chat;
  const divided = (text: string) => chunkText(text, { limit: textChunkLimit });
  const said = (text: string, origin: Origin = "command", urgent = false): NewOutboxItem[] =>
    together(
      divided(text).map((part) => {
        const item = { target, chatKey: chatKeyOf(target), origin, text: part };
        return { ...item, ...(guid && { chatGuid: guid }), ...(urgent && { urgent }) };
      }),
    );
  if (typeof answer === "string") return { replies: said(answer) };
  if ("toOwner" in answer) {
    const texts = [answer.toOwner].flat();
    if (treatedAs === "direct") return { replies: texts.flatMap((text) => said(text)) };
    const owner = normalizeHandle(row.sender, region);
    const own = texts.flatMap(divided).flatMap((text) => ownerNotices([owner], text));
    return { replies: [...own, ...said(answeredElsewhere)] };
  }
  const { text, origin, urgent, notices = [], ...done } = answer;
  return { ...done, replies: [...said(text, origin, urgent), ...notices] };
}
