import { type Facts, isSelfChat, maxPendingPairings, type Policy } from "../access/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { Clock } from "../platform/index.js";
import type { Claim, JournalEntry, Store } from "../store/index.js";
import { type Echo, findEcho } from "./echo.js";
import type { LoopGuard } from "./loop-guard.js";
import { OwnAddresses } from "./own-addresses.js";
import { isStoredAgain } from "./stored-again.js";

/** What was written while imsg was away is answered up to this age, milliseconds (protocol reference 9.9). */
const answeredAfterOutageMs = 2 * 3600_000;

/** A stretch of time, both ends in milliseconds since the epoch. */
export interface Span {
  from: number;
  to: number;
}

/** Looks up, for each row, what the gates ask beside the row and the configuration. */
export class FactGatherer {
  readonly #own: OwnAddresses;

  constructor(
    private readonly deps: {
      store: Store;
      claim: Claim;
      clock: Clock;
      loops: LoopGuard;
      missed: Span | undefined;
      outages: () => readonly Span[];
    },
  ) {
    this.#own = new OwnAddresses(deps.store, deps.claim.id);
  }

  of(entry: JournalEntry, policy: Policy, agentId: string): { facts: Facts; echo: Echo | undefined } {
    const { store, claim, clock, loops } = this.deps;
    const { row } = entry;
    const now = clock.now();
    this.#own.learn(row);
    const ownAddresses = this.#own.all;
    const selfChat = isSelfChat(row, policy.region, ownAddresses);
    const echo = findEcho(row, selfChat, claim.id, store, now);
    if (row.fromMe || echo)
      return { facts: { echo: echo !== undefined && !row.fromMe, agentId, ownAddresses }, echo };
    const handle = normalizeHandle(row.sender, policy.region);
    const facts: Facts = {
      agentId,
      ownAddresses,
      approved: store.pairing.isApproved(claim.id, handle),
      owners: store.pairing.owners(claim.id),
      optedOut: store.pairing.hasOptedOut(claim.id, handle),
      refersToOurs: this.#isOurs(row.tapback?.targetGuid ?? row.replyTo?.guid ?? row.threadGuid),
    };
    if (policy.dmPolicy === "pairing" && !facts.approved) facts.pairing = this.#pairingOf(handle, now);
    // A person asked for these, whatever their age.
    if (entry.arrival === "retry" || entry.arrival === "replay") return { facts, echo };
    facts.reinserted = isStoredAgain(entry, selfChat, store);
    facts.looping = loops.holds(row.chat.id, now);
    if (entry.arrival === "live") {
      if (!this.#cameInOutage(entry)) facts.liveAgeMs = entry.receivedAt - row.sentAt;
      facts.missedOffline = isWithin(row.sentAt, this.deps.missed);
    }
    return { facts, echo };
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

  /** Late because imsg was away, not because Apple was: the subscription resumes there (behaviour 9.4). */
  #cameInOutage({ row, receivedAt }: JournalEntry): boolean {
    return (
      receivedAt - row.sentAt <= answeredAfterOutageMs &&
      this.deps.outages().some((outage) => isWithin(row.sentAt, outage))
    );
  }
}

function isWithin(at: number, span: Span | undefined): boolean {
  return span !== undefined && at > span.from && at < span.to;
}
