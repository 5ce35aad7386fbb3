import { type Facts, maxPendingPairings, type Policy } from "../access/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";
import type { Claim, JournalEntry, Store } from "../store/index.js";
import { findAnswer } from "./question.js";

/** Refusals that say nothing new when they come again: own rows and echoes. */
const quietReasons = new Set(["own_message", "echo", "empty"]);
/** How many chats and reasons are remembered as logged; more than any person reads. */
const maxLogged = 5000;

/** Looks up, for each row, what the gates ask beside the row and the configuration. */
export class FactGatherer {
  readonly #logged = new Set<string>();

  constructor(
    private readonly deps: {
      store: Store;
      claim: Claim;
      clock: Clock;
      missed: { from: number; to: number } | undefined;
    },
  ) {}

  of(entry: JournalEntry, policy: Policy, agentId: string, isEcho: boolean): Facts {
    const { store, claim, clock } = this.deps;
    const { row } = entry;
    if (row.fromMe || isEcho) return { echo: isEcho && !row.fromMe, agentId };
    const handle = normalizeHandle(row.sender, policy.region);
    const asked = entry.arrival === "retry" || entry.arrival === "replay";
    const facts: Facts = {
      agentId,
      approved: store.pairing.isApproved(claim.id, handle),
      owners: store.pairing.owners(claim.id),
      optedOut: store.pairing.hasOptedOut(claim.id, handle),
      answersQuestion: findAnswer(row, claim.id, store) !== undefined,
      refersToOurs: this.#isOurs(row.tapback?.targetGuid ?? row.replyTo?.guid ?? row.threadGuid),
    };
    if (policy.dmPolicy === "pairing" && !facts.approved)
      facts.pairing = this.#pairingOf(handle, clock.now());
    if (asked) return facts;
    facts.liveAgeMs = entry.receivedAt - row.sentAt;
    facts.missedOffline = this.#wasMissed(row.sentAt);
    return facts;
  }

  /** Whether a refusal is the first of its reason from this chat and sender, and worth a line in the log (behaviour 4.6). */
  firstTime(entry: JournalEntry, reason: string): boolean {
    if (quietReasons.has(reason)) return false;
    const key = `${entry.row.chat.id}\n${entry.row.sender}\n${reason}`;
    if (this.#logged.has(key)) return false;
    if (this.#logged.size >= maxLogged) this.#logged.clear();
    this.#logged.add(key);
    return true;
  }

  #isOurs(guid: string | undefined): boolean {
    if (!guid) return false;
    if (this.deps.store.outbox.findSent(this.deps.claim.id, { guid, rowId: -1 })) return true;
    return this.deps.store.journal.findByGuid(guid, this.deps.claim.id)?.row.fromMe ?? false;
  }

  #pairingOf(handle: string, now: number): "none" | "pending" | "full" {
    const pending = this.deps.store.pairing.pending(now, this.deps.claim.id);
    if (pending.some((request) => request.handle === handle)) return "pending";
    return pending.length >= maxPendingPairings ? "full" : "none";
  }

  #wasMissed(sentAt: number): boolean {
    const { missed } = this.deps;
    return missed !== undefined && sentAt > missed.from && sentAt < missed.to;
  }
}
