import type { Config } from "../config/index.js";
import { type Decision, normalizeHandle } from "../conversation/index.js";
import { chatKeyOf, replyTargetOf } from "../inbound/index.js";
import type { Clock } from "../platform/index.js";
import type { Claim, CommandDone, JournalEntry, NewOutboxItem, Store } from "../store/index.js";
import type { AccountRuntime } from "./account.js";

export interface ChatCommandDeps {
  store: Store;
  clock: Clock;
  config: () => Config;
  accounts: () => AccountRuntime[];
}

/** Runs what people say to the gateway itself rather than to an agent. */
export class ChatCommands {
  constructor(private readonly deps: ChatCommandDeps) {}

  /** Ends the command's row together with its answer. */
  async run(claim: Claim, entry: JournalEntry, decision: Decision & { kind: "command" }): Promise<void> {
    const { store, clock } = this.deps;
    await store.journal.complete(claim, entry.id, this.#answer(entry, decision), clock.now());
  }

  #answer(entry: JournalEntry, decision: Decision & { kind: "command" }): CommandDone {
    const handle = normalizeHandle(entry.row.sender);
    switch (decision.name) {
      case "opt-out":
        return {
          replies: decision.silent
            ? []
            : [reply(entry, "You will get no more messages from here. Write START to change that.")],
          optOut: { handle, value: true },
        };
      case "opt-in":
        return {
          replies: [reply(entry, "Welcome back. You will get answers again.")],
          optOut: { handle, value: false },
        };
      default:
        return { replies: [] };
    }
  }
}

function reply(entry: JournalEntry, text: string): NewOutboxItem {
  const target = replyTargetOf(entry.row);
  return { target, chatKey: chatKeyOf(target), origin: "command", text };
}
