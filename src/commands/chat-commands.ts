import type { Config } from "../config/index.js";
import {
  chatKeyOf,
  chatKeysOf,
  type Decision,
  formatTarget,
  type MessageRow,
  normalizeHandle,
  replyTargetOf,
  type Target,
} from "../conversation/index.js";
import { type AccountRules, findAnswer } from "../inbound/index.js";
import { type Clock, type Log, messageOf } from "../platform/index.js";
import type { Claim, CommandDone, JournalEntry, NewOutboxItem, Origin, Store } from "../store/index.js";
import { answerQuestion } from "./approve.js";
import type { CommandAnswer, GatewayControls } from "./contract.js";
import { runCommand } from "./table.js";

export interface ChatCommandDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  controls: GatewayControls;
}

type CommandDecision = Decision & { kind: "command" };

/** Runs what people say to the gateway itself rather than to an agent. */
export class ChatCommands {
  constructor(private readonly deps: ChatCommandDeps) {}

  /**
   * Ends the command's row together with its answer. A command that died half-way is run again by the next start.
   * @returns words that become the sender's message to the agent, for a command that only passes them on: its row goes on
   */
  async run(
    claim: Claim,
    entry: JournalEntry,
    decision: CommandDecision,
    rules: AccountRules,
  ): Promise<string | undefined> {
    const { store, clock } = this.deps;
    const answer =
      optOutAnswer(entry, decision, rules) ??
      this.#enrol(entry, decision, rules) ??
      (await this.#answer(entry, decision, rules));
    if ("prompt" in answer) return answer.prompt;
    await store.journal.complete(claim, entry.id, answer, clock.now());
    return undefined;
  }

  /** The phrase of `tapback pair` (behaviour 3.6): its writer is let in, and told so. */
  #enrol(entry: JournalEntry, decision: CommandDecision, rules: AccountRules): CommandDone | undefined {
    if (decision.name !== "enrol") return undefined;
    const { store, clock, log } = this.deps;
    const open = store.enrolment.current(entry.account, clock.now());
    if (!open) return { replies: [] };
    const handle = normalizeHandle(entry.row.sender, rules.policy.region);
    log.info(`let in by a phrase: ${handle}${open.owner ? ", as an owner" : ""}`, { account: entry.account });
    const welcome = open.owner
      ? "You are in, as the owner. Write /help for what I take from you; all else goes to the agent."
      : "You are in. Write away!";
    return {
      replies: [reply(entry, welcome, "approval")],
      enrolled: { enrolment: open.id, handle, chatId: entry.row.chat.id },
    };
  }

  async #answer(
    entry: JournalEntry,
    decision: CommandDecision,
    rules: AccountRules,
  ): Promise<CommandDone | { prompt: string }> {
    try {
      const answer = await this.#say(entry, decision, rules);
      if (typeof answer !== "string") return answer;
      return { replies: answer === "" ? [] : [reply(entry, answer)] };
    } catch (error) {
      this.deps.log.error(`/${decision.name} failed: ${messageOf(error)}`, { id: entry.id });
      return { replies: [reply(entry, "That did not work. The gateway's log says why.")] };
    }
  }

  async #say(entry: JournalEntry, decision: CommandDecision, rules: AccountRules): Promise<CommandAnswer> {
    const { store, clock, config, controls } = this.deps;
    const { account, row } = entry;
    const { isOwner } = decision;
    if (decision.name === "answer") {
      const found = findAnswer(row, account, store);
      return found ? answerQuestion({ isOwner, entry, gateway: controls }, found.question, found.given) : "";
    }
    const { agentId, sessionKey } = rules.placeOf(row);
    const chatKey = chatKeyOf(replyTargetOf(row));
    return runCommand(decision.name, {
      words: row.text.trim().replace(/^\/\S+\s*/, ""),
      isOwner,
      hasOwner: rules.policy.owners.size > 0 || store.pairing.owners(account).length > 0,
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
      gateway: controls,
    });
  }
}

/** STOP and START (behaviour 3.7). */
function optOutAnswer(
  entry: JournalEntry,
  decision: CommandDecision,
  rules: AccountRules,
): CommandDone | undefined {
  // By the region of the account, as the gates and the firewall compare it.
  const handle = normalizeHandle(entry.row.sender, rules.policy.region);
  const answer = (text: string) => (decision.silent ? [] : [reply(entry, text, "opt-out")]);
  if (decision.name === "opt-out") {
    const text = "You will get no more messages from here. Write START to change that.";
    return { replies: answer(text), optOut: { handle, value: true } };
  }
  if (decision.name !== "opt-in") return undefined;
  return { replies: answer("Welcome back. You will get answers again."), optOut: { handle, value: false } };
}

/** The targets that turns of a row's conversation may have: those of a person may be older than the chat's number. */
function chatsOf(row: MessageRow): string[] {
  const person = { kind: "handle", handle: normalizeHandle(row.sender), service: "auto" } as const;
  const targets: Target[] = [replyTargetOf(row), ...(row.chat.isGroup ? [] : [person])];
  return targets.map(formatTarget);
}

function reply(entry: JournalEntry, text: string, origin: Origin = "command"): NewOutboxItem {
  const target = replyTargetOf(entry.row);
  return { target, chatKey: chatKeyOf(target), origin, text };
}
