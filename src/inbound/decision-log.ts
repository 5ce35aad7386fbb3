import { type Decision, normalizeHandle } from "../conversation/index.js";
import type { Log } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";

/** Refusals that say nothing new when they come again: own rows and echoes. */
const quietReasons = new Set(["own_message", "echo", "empty"]);
/** How many chats and reasons are remembered as logged; more than any person reads. */
const maxLogged = 5000;

/** Tells of decisions: a refusal once per chat, sender and reason (behaviour 4.6), a warning once per account. */
export class DecisionLog {
  readonly #logged = new Set<string>();
  readonly #warned = new Set<string>();

  constructor(private readonly log: Log) {}

  /** Logs a decision, where it says something new. */
  add(entry: JournalEntry, decision: Decision): void {
    for (const { warning, detail } of decision.gates) {
      // One warning per account (behaviour 4.3, 4.4).
      if (warning === undefined || this.#warned.has(warning)) continue;
      this.#warned.add(warning);
      this.log.warn(detail, { warning });
    }
    const fields = { id: entry.id, chat: entry.row.chat.id, sender: normalizeHandle(entry.row.sender) };
    if (!("reason" in decision)) this.log.debug(`message ${decision.kind}`, fields);
    else if (this.#isFirst(entry, decision.reason))
      this.log.info(`message ${decision.kind === "drop" ? "dropped" : decision.kind}: ${decision.reason}`, {
        ...fields,
        remedy: decision.remedy,
      });
  }

  #isFirst(entry: JournalEntry, reason: string): boolean {
    if (quietReasons.has(reason)) return false;
    const key = `${entry.row.chat.id}\n${entry.row.sender}\n${reason}`;
    if (this.#logged.has(key)) return false;
    if (this.#logged.size >= maxLogged) this.#logged.clear();
    this.#logged.add(key);
    return true;
  }
}
