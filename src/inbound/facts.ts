import { type Facts, isSelfChat, maxPendingPairings, type Policy } from "../access/index.js";
import { chatKeysOf, type MessageRow, normalizeHandle } from "../conversation/index.js";
import type { JournalEntry } from "../store/index.js";
import type { ChatServices } from "./chat-services.js";
import { type Echo, findEcho } from "./echo.js";
import { enrolmentSaid } from "./enrolment.js";
import type { Absences, InboundDeps, Span } from "./intake-deps.js";
import type { LoopGuard } from "./loop-guard.js";
import { OwnAddresses } from "./own-addresses.js";
import { findAnswer } from "./question.js";
import { isStoredAgain } from "./stored-again.js";

/** What was written while imsg was away is answered up to this age, milliseconds (protocol reference 9.9). */
const answeredAfterOutageMs = 2 * 3600_000;

/** What the facts of a row are gathered from beside the store. */
export interface FactParts {
  loops: LoopGuard;
  services: ChatServices;
  absences: Absences;
}

/** Looks up, for each row, what the gates ask beside the row and the configuration. */
export class FactGatherer {
  readonly #own: OwnAddresses;

  constructor(
    private readonly deps: Pick<InboundDeps, "store" | "claim" | "clock">,
    private readonly parts: FactParts,
  ) {
    this.#own = new OwnAddresses(deps.store, deps.claim.id);
  }

  /** @param quietMs how long the agent keeps quiet where the account's human wrote (behaviour 10.4) */
  of(
    entry: JournalEntry,
    policy: Policy,
    agentId: string,
    quietMs: number,
  ): { facts: Facts; echo: Echo | undefined } {
    const { store, claim, clock } = this.deps;
    const { loops, services, absences } = this.parts;
    const { row } = entry;
    const now = clock.now();
    this.#own.learn(row);
    const ownAddresses = this.#own.all;
    const selfChat = isSelfChat(row, policy.region, ownAddresses);
    const echo = findEcho(row, selfChat, claim.id, store, now);
    if (row.fromMe || echo) return { facts: { echo: echo !== undefined, agentId, ownAddresses }, echo };
    const handle = normalizeHandle(row.sender, policy.region);
    const facts: Facts = {
      agentId,
      ownAddresses,
      approved: store.pairing.isApproved(claim.id, handle),
      owners: store.pairing.owners(claim.id),
      optedOut: store.pairing.hasOptedOut(claim.id, handle),
      contacted: store.outbox.hasWritten(claim.id, chatKeysOf(row)),
      enrolment: enrolmentSaid(row, handle, claim.id, store, clock.now()) !== undefined,
      answersQuestion: findAnswer(row, claim.id, store) !== undefined,
      refersToOurs: this.#isOurs(row.tapback?.targetGuid ?? row.replyTo?.guid ?? row.threadGuid),
    };
    if (policy.dmPolicy === "pairing" && !facts.approved) facts.pairing = this.#pairingOf(handle, now);
    const service = services.of(row.chat);
    if (service) facts.service = service;
    // A person asked for these, whatever their age.
    if (entry.arrival === "retry" || entry.arrival === "replay") return { facts, echo };
    facts.reinserted = isStoredAgain(entry, selfChat, store);
    facts.looping = loops.holds(row.chat.id, now);
    facts.hushed = !selfChat && this.#isHushed(row, quietMs);
    if (entry.arrival === "live") {
      if (!this.#cameInOutage(entry)) facts.liveAgeMs = entry.receivedAt - row.sentAt;
      facts.missedOffline = isWithin(row.sentAt, absences.missed);
    }
    return { facts, echo };
  }

  #isHushed(row: MessageRow, quietMs: number): boolean {
    if (quietMs <= 0) return false;
    const { store, claim, clock } = this.deps;
    const last = store.journal.lastByHand(claim.id, row.chat.id);
    return last !== undefined && clock.now() - last < quietMs;
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
      this.parts.absences.outages().some((outage) => isWithin(row.sentAt, outage))
    );
  }
}

function isWithin(at: number, span: Span | undefined): boolean {
  return span !== undefined && at > span.from && at < span.to;
}
