import { randomBytes } from "node:crypto";
import { decide, type Facts, maxPendingPairings, trustedService } from "../access/index.js";
import {
  type Chat,
  type Decision,
  isPlaced,
  type MessageRow,
  normalizeHandle,
} from "../conversation/index.js";
import { crashPoint, messageOf, untilStored } from "../platform/index.js";
import type { Arrival, JournalEntry } from "../store/index.js";
import { ChatServices } from "./chat-services.js";
import { DecisionLog } from "./decision-log.js";
import { Dispatch } from "./dispatch.js";
import { seenSend } from "./echo.js";
import { countGuess } from "./enrolment.js";
import { GateFacts } from "./gate-facts.js";
import type { InboundDeps, IntakeParts } from "./intake-deps.js";
import { findChat, lateJoinWaits } from "./late-join.js";
import { LoopGuard } from "./loop-guard.js";
import { pairingOffer } from "./pairing-offer.js";

/** Refusals for age alone. */
const missedReasons = new Set(["backlog", "missed_offline"]);
/** Wait before what could not be stored is decided again, milliseconds. */
const retryMs = 1000;

/**
 * Takes rows in for one account: journal first, then the gates, then the hand-over to a turn. Rows are decided in the
 * order in which they came; a crash at any instant leaves a row that the next start takes up.
 */
export class Intake {
  readonly #stop = new AbortController();
  readonly #services: ChatServices;
  readonly #facts: GateFacts;
  readonly #dispatch: Dispatch;
  readonly #inHand = new Set<number>();
  /** What left the hand while the store was asked what is unfinished: its answer may be older. */
  readonly #looks = new Set<Set<number>>();
  readonly #loops = new LoopGuard();
  readonly #log: DecisionLog;
  #buffer: MessageRow[] = [];
  #draining: Promise<void> | undefined;
  readonly #deciding = new Set<Promise<void>>();
  #unwatch = () => {};

  /** @param waits before each look for the chat of a row that came without one, milliseconds */
  constructor(
    private readonly deps: InboundDeps,
    private readonly parts: IntakeParts,
    private readonly waits: readonly number[] = lateJoinWaits,
  ) {
    this.#services = new ChatServices(deps.bridge, deps.clock);
    this.#facts = new GateFacts(deps, {
      loops: this.#loops,
      services: this.#services,
      absences: parts.absences,
    });
    this.#log = new DecisionLog(deps.log);
    this.#dispatch = new Dispatch(deps, parts, () => void this.#resume());
  }

  /** Takes up what an earlier run left, then whatever is reopened. */
  async start(): Promise<void> {
    await this.#resume();
    this.#unwatch = this.deps.store.watch("journal", () => void this.#resume());
  }

  /** Takes a reported row in. Returns at once; rows of one burst share a commit. */
  receive(row: MessageRow): void {
    if (this.#stop.signal.aborted) return;
    crashPoint("inbound.received");
    this.#buffer.push(row);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  /** Chats were listed for another purpose: their entries name addresses of the account. */
  listed(chats: readonly Chat[]): void {
    this.#facts.listed(chats);
  }

  /** Takes in rows of the history that came while nothing ran (behaviour 9.4), oldest first. */
  async takeMissed(rows: MessageRow[]): Promise<void> {
    if (!this.#stop.signal.aborted) await this.#takeIn(rows, "catchup");
  }

  /** Takes nothing new; what was taken in is decided first. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#unwatch();
    await this.#draining;
    await Promise.all(this.#deciding);
    this.#dispatch.flushAll();
  }

  async #drain(): Promise<void> {
    // The callers of one burst run first, so that they share the commit.
    await Promise.resolve();
    while (this.#buffer.length > 0) {
      const rows = this.#buffer;
      this.#buffer = [];
      await this.#takeIn(rows, "live");
    }
  }

  async #takeIn(rows: MessageRow[], arrival: Arrival): Promise<void> {
    const at = this.deps.clock.now();
    const ids = await this.#admit(rows, arrival, at);
    crashPoint("inbound.admitted");
    const entries = rows.flatMap((row, index): JournalEntry[] => {
      const id = ids[index];
      if (id === undefined) return [];
      this.parts.listener.arrived(row, arrival);
      return [{ id, account: this.deps.claim.id, row, arrival, receivedAt: at, state: "new" }];
    });
    await this.#decideAll(entries);
  }

  /** A full disk loses nothing: the rows wait here, and the cursor stays before them. */
  async #admit(rows: MessageRow[], arrival: Arrival, at: number): Promise<(number | undefined)[]> {
    const { store, claim, clock, log } = this.deps;
    try {
      return await untilStored(() => store.journal.admit(claim, rows, arrival, at), {
        clock,
        log,
        signal: this.#stop.signal,
        what: "messages cannot be journaled",
        fields: { rows: rows.length },
        // Whatever it is: rows that are let go of here are not reported again.
        mayPass: () => true,
      });
    } catch {
      return rows.map(() => undefined);
    }
  }

  async #resume(): Promise<void> {
    const left = new Set<number>();
    this.#looks.add(left);
    try {
      const found = await this.deps.store.journal.unfinished(this.deps.claim.id);
      await this.#decideAll(found.filter(({ id }) => !left.has(id)));
    } finally {
      this.#looks.delete(left);
    }
  }

  /** Decides those that are not in hand already: news of a reopened row may come before those of the row itself. */
  async #decideAll(found: JournalEntry[]): Promise<void> {
    const work = this.#decideInOrder(
      found.filter(({ id }) => !this.#inHand.has(id) && !this.#dispatch.holds(id)),
    );
    this.#deciding.add(work);
    await work.finally(() => this.#deciding.delete(work));
  }

  /** Writes of a burst share a commit; only what later decisions read is waited for. */
  async #decideInOrder(entries: JournalEntry[]): Promise<void> {
    for (const { id } of entries) this.#inHand.add(id);
    let pending: Promise<unknown>[] = [];
    const settle = async () => {
      await Promise.all(pending);
      pending = [];
    };
    try {
      for (const entry of entries) {
        if (!entry.row.fromMe && !entry.row.fault && !isPlaced(entry.row.chat)) {
          void this.#placeLater(entry);
          continue;
        }
        await this.#prepare(entry);
        const decision = await this.#decide(entry);
        // What a turn is made of is read from the store, and so is what the next decisions ask for.
        if (decision.kind === "dispatch" && this.#readsStore(entry, decision)) await settle();
        // Asked for here, so that rows are handed over in the order in which they were decided.
        const repeats = await this.#dispatch.isRepeat(entry, decision);
        pending.push(this.#carryOut(entry, decision, repeats));
        if (isReadByOthers(decision)) await settle();
      }
      await settle();
    } catch (error) {
      this.deps.log.error("a decision could not be stored; it is taken up again", {
        error: messageOf(error),
      });
      if (await this.deps.clock.sleep(retryMs, this.#stop.signal)) setImmediate(() => void this.#resume());
    } finally {
      for (const { id } of entries) this.#letGo(id);
    }
  }

  async #placeLater(entry: JournalEntry): Promise<void> {
    const { store, bridge, claim, log, clock } = this.deps;
    this.#inHand.add(entry.id);
    try {
      const chat = await findChat(entry.row, bridge, { clock, waits: this.waits }, this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      const placed: JournalEntry = chat ? { ...entry, row: { ...entry.row, chat } } : entry;
      if (chat) await store.journal.locate(claim, entry.id, chat);
      await this.#prepare(placed);
      const decision = await this.#decide(placed);
      await this.#carryOut(placed, decision, await this.#dispatch.isRepeat(placed, decision));
    } catch (error) {
      log.error("a message could not be placed in its chat; the next start takes it up", {
        error: messageOf(error),
      });
    } finally {
      this.#letGo(entry.id);
    }
  }

  #letGo(id: number): void {
    this.#inHand.delete(id);
    for (const left of this.#looks) left.add(id);
  }

  /** What has to be asked for or written before a row can be judged. */
  async #prepare({ row }: JournalEntry): Promise<void> {
    const { store, claim, clock } = this.deps;
    const { rules } = this.parts;
    if (row.fromMe || row.fault) return;
    if (this.#services.needs(row.chat)) await this.#services.learn(row.chat);
    const { policy } = rules();
    const service = this.#services.of(row.chat);
    // A phrase that can never win, whoever forged its sender, must not end the enrolment either (behaviour 3.6).
    if (!policy.ownerServices.has(trustedService(row, service ? { service } : {}))) return;
    await countGuess(row, normalizeHandle(row.sender, policy.region), claim.id, store, clock.now());
  }

  /** @param change facts that turned out to be others when the decision was stored */
  async #decide(entry: JournalEntry, change: Partial<Facts> = {}): Promise<Decision> {
    const { store, clock, mac } = this.deps;
    const current = this.parts.rules();
    const { row } = entry;
    const { facts, echo } = await this.#facts.of(entry, current);
    const seen = echo && seenSend(entry, echo);
    if (seen) mac.measure(seen);
    // Its own row is what a send waits for, answered or not; when this cannot be stored, the look-up finds it as well.
    if (echo?.open && row.fromMe)
      this.#facts.give(
        echo,
        store.outbox.settle(echo.open, { state: "stored", guid: row.guid, rowId: row.rowId }, clock.now()),
      );
    const decision = decide(row, current.policy, { ...facts, ...change });
    if (this.#loops.hear(row, decision.kind === "dispatch", clock.now())) this.parts.listener.looping(row);
    return decision;
  }

  /** @param repeats the same text came a moment before */
  async #carryOut(entry: JournalEntry, decision: Decision, repeats: boolean): Promise<void> {
    const { store, claim, clock } = this.deps;
    const at = clock.now();
    if (decision.kind === "pairing" && decision.offer) {
      const { request, reply } = pairingOffer(entry.row, this.parts.rules().policy, randomBytes, at);
      const kept = await store.journal.offerPairing(
        claim,
        { id: entry.id, decision, request, reply, most: maxPendingPairings },
        at,
      );
      crashPoint("pairing.offered");
      // Somebody else's row was quicker: this one is judged as the row after it.
      if (kept === "pending" || kept === "full")
        return this.#carryOut(entry, await this.#decide(entry, { pairing: kept }), repeats);
      this.#tell(entry, decision);
      return;
    }
    this.#tell(entry, decision);
    const isAnswered = decision.kind === "dispatch" || decision.kind === "command";
    if (isAnswered) await this.#dispatch.take(entry, decision, at, repeats);
    else await store.journal.decide(claim, entry.id, decision, at);
    crashPoint("inbound.decided");
    if (decision.kind === "drop" && missedReasons.has(decision.reason)) this.parts.listener.missed();
  }

  #tell(entry: JournalEntry, decision: Decision): void {
    this.#log.add(entry, decision);
    this.parts.listener.decided(entry, decision);
  }

  /** Whether a turn depends on the rows before it: a group's context, a turn to join, a session to seed. */
  #readsStore({ row }: JournalEntry, { treatedAs }: Decision): boolean {
    const { queueMode, seedLimitOf } = this.parts.rules();
    return treatedAs === "group" || queueMode === "collect" || seedLimitOf(row.sender) > 0;
  }
}

/** Decisions that the next row of a burst must find in the store. */
function isReadByOthers(decision: Decision): boolean {
  const isHuman = decision.kind === "drop" && decision.reason === "own_message";
  return isHuman || decision.kind === "command" || (decision.kind === "pairing" && decision.offer);
}
