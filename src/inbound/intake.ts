import { randomBytes } from "node:crypto";
import { decide, type Facts, maxPendingPairings, trustedService } from "../access/index.js";
import type { MacEvent } from "../bridge/index.js";
import {
  type Chat,
  chatKeysOf,
  type Decision,
  isPlaced,
  type MessageRow,
  normalizeHandle,
} from "../conversation/index.js";
import { crashPoint, messageOf } from "../platform/index.js";
import type { Arrival, JournalEntry } from "../store/index.js";
import { ChatQueues } from "./chat-queues.js";
import { ChatServices } from "./chat-services.js";
import { DecisionLog } from "./decision-log.js";
import { Dispatch } from "./dispatch.js";
import { seenSend } from "./echo.js";
import { countGuess } from "./enrolment.js";
import { GateFacts } from "./gate-facts.js";
import { InHand } from "./in-hand.js";
import type { InboundDeps, IntakeParts } from "./intake-deps.js";
import { findChat, lateJoinWaits } from "./late-join.js";
import { groupQuietMs, Listening } from "./listening.js";
import { LookAgain } from "./look-again.js";
import { LoopGuard } from "./loop-guard.js";
import { pairingOffer } from "./pairing-offer.js";
import { spokenTapback } from "./spoken-tapback.js";
import { TypingChats } from "./typing.js";

/** Refusals for age alone. */
const missedReasons = new Set(["backlog", "missed_offline"]);
/** Wait before what failed is decided again, milliseconds. */
const retryMs = 1000;
/** Rows that are decided in one go. */
const burst = 50;

/** Waits, milliseconds. */
export interface IntakeTimes {
  /** Before each look for the chat of a row that came without one. */
  lateJoinWaits: readonly number[];
  /** When nobody has written for so long, a group that is listened to is quiet. */
  groupQuietMs: number;
}

/**
 * Takes rows in for one account: journal first, then the gates, then the hand-over to a turn. Rows of a chat are decided in
 * the order in which they came, chats side by side; a crash at any instant leaves a row that the next start takes up.
 */
export class Intake {
  readonly #stop = new AbortController();
  readonly #services: ChatServices;
  readonly #facts: GateFacts;
  readonly #dispatch: Dispatch;
  readonly #listening: Listening;
  readonly #typing: TypingChats;
  readonly #queues = new ChatQueues();
  /** What is written while the chat goes on. */
  readonly #writing = new ChatQueues();
  #decided = 0;
  readonly #inHand = new InHand();
  readonly #loops = new LoopGuard();
  readonly #log: DecisionLog;
  #buffer: MessageRow[] = [];
  #draining: Promise<void> | undefined;
  readonly #deciding = new Set<Promise<void>>();
  #unwatch = () => {};

  constructor(
    private readonly deps: InboundDeps,
    private readonly parts: IntakeParts,
    private readonly times: IntakeTimes = { lateJoinWaits, groupQuietMs },
  ) {
    this.#services = new ChatServices(deps.bridge, deps.clock);
    this.#facts = new GateFacts(deps, {
      loops: this.#loops,
      services: this.#services,
      absences: parts.absences,
    });
    this.#log = new DecisionLog(deps.log);
    const lookAgain = new LookAgain(deps, (rows) => this.#decideChanges(rows));
    this.#typing = new TypingChats(deps.clock, () => this.#dispatch.typingChanged());
    const opening = new ChatQueues();
    this.#listening = new Listening(deps, parts, opening, times.groupQuietMs);
    this.#dispatch = new Dispatch(
      deps,
      parts,
      { lookAgain, typing: this.#typing, opening, inHand: this.#inHand },
      () => void this.#resume(),
    );
  }

  /** Takes up what an earlier run left, then whatever is reopened. */
  async start(): Promise<void> {
    await this.#resume();
    await this.#listening.resume();
    this.#unwatch = this.deps.store.watch("journal", () => void this.#resume());
  }

  /** Takes a reported row in. Returns at once; rows of one burst share a commit. */
  receive(row: MessageRow): void {
    if (this.#stop.signal.aborted) return;
    crashPoint("inbound.received");
    this.#typing.wrote(row, this.deps.mac.ours(row.sentAt));
    this.#buffer.push(row);
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  /** The Mac told something beside rows: who types holds up the turns of a direct chat (behaviour 18.4). */
  told(event: MacEvent): void {
    this.#typing.told(event);
  }

  /** Chats were listed for another purpose: their entries name addresses of the account. */
  listed(chats: readonly Chat[]): void {
    this.#facts.listed(chats);
  }

  /** Takes in rows of the history that came while nothing ran (behaviour 9.4), oldest first. */
  async takeMissed(rows: MessageRow[]): Promise<void> {
    if (!this.#stop.signal.aborted) await (await this.#takeIn(rows, "catchup")).decided;
  }

  /** Takes nothing new; what was taken in is decided first. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#unwatch();
    await this.#draining;
    await Promise.all(this.#deciding);
    this.#dispatch.flushAll();
    await this.#listening.stop();
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

  /** @returns once the rows are journaled: what settles when they are decided */
  async #takeIn(rows: MessageRow[], arrival: Arrival): Promise<{ decided: Promise<void> }> {
    const { store, claim, clock, log } = this.deps;
    const at = clock.now();
    let ids: (number | undefined)[] = [];
    try {
      ids = await store.journal.admit(claim, rows, arrival, at);
    } catch (error) {
      // The cursor stays before them: the next start is told of them again.
      log.error(`messages cannot be journaled: ${messageOf(error)}`, { rows: rows.length });
    }
    crashPoint("inbound.admitted");
    const entries = rows.flatMap((row, index): JournalEntry[] => {
      const id = ids[index];
      if (id === undefined) return [];
      this.parts.listener.arrived(row, arrival);
      return [{ id, account: claim.id, row, arrival, receivedAt: at, state: "new" }];
    });
    const reported = rows.filter((_, index) => ids[index] === undefined);
    const work = Promise.all([this.#decideAll(entries), this.#admitChanges(reported, arrival)]);
    return { decided: work.then(([, changes]) => this.#decideAll(changes)) };
  }

  /** Journals what rows that are there already say now. What is lost here, the next look at the history finds. */
  async #admitChanges(rows: MessageRow[], arrival: Arrival): Promise<JournalEntry[]> {
    const { store, claim, clock } = this.deps;
    const changes: JournalEntry[] = [];
    for (const row of rows) {
      const change = await store.journal.admitChange(claim, row, arrival, clock.now()).catch(() => undefined);
      if (change) changes.push(change);
    }
    return changes;
  }

  /** Before a turn of their chat, which has its place in the queue: they do not wait behind it. */
  async #decideChanges(rows: MessageRow[]): Promise<void> {
    for (const change of await this.#admitChanges(rows, "live")) {
      this.#inHand.take(change.id);
      await this.#untilDone(async () => this.#carryOut(change, await this.#decide(change)));
      this.#inHand.letGo(change.id);
    }
  }

  /** Never rejects: what cannot be read now is taken up by the next start. */
  async #resume(): Promise<void> {
    const { store, claim, log } = this.deps;
    try {
      void this.#decideAll(await this.#inHand.free(() => store.journal.unfinished(claim.id)));
    } catch (error) {
      log.error(`what is unfinished cannot be read: ${messageOf(error)}`);
    }
  }

  /**
   * Decides those that are not in hand already: news of a reopened row may come before those of the row itself. Rows of a
   * chat are decided in their order, chats side by side; of what catch-up took, what our side wrote comes first: the account's
   * human may have answered the rest by hand (behaviour 10.4). Never rejects.
   */
  async #decideAll(found: JournalEntry[]): Promise<void> {
    const isOurs = ({ row, arrival }: JournalEntry) => row.fromMe && arrival === "catchup";
    const work = [...found.filter(isOurs), ...found.filter((entry) => !isOurs(entry))]
      .filter(({ id }) => !this.#inHand.has(id))
      .map((entry) => {
        this.#inHand.take(entry.id);
        const isToPlace = !entry.row.fromMe && !entry.row.fault && !isPlaced(entry.row.chat);
        return (isToPlace ? this.#place(entry) : this.#inTurn(entry)).finally(() =>
          this.#inHand.letGo(entry.id),
        );
      });
    const all = Promise.all(work).then(() => {});
    this.#deciding.add(all);
    await all.finally(() => this.#deciding.delete(all));
  }

  /** Decides a row when those before it in its chat are decided, and handed over if they are answered. */
  async #inTurn(found: JournalEntry): Promise<void> {
    const chatId = found.row.chat.id;
    let written: Promise<void> | undefined;
    const work = async () => {
      const entry = await this.#prepare(found);
      const decision = await this.#decide(entry);
      if (isQuiet(decision)) {
        written = this.#untilDone(() => this.#carryOut(entry, decision));
        this.#writing.add([`chat:${chatId}`], () => written!);
        return;
      }
      // A turn is made of what is in the store, and later decisions ask for it.
      await this.#writing.empty(`chat:${chatId}`);
      await this.#carryOut(entry, decision);
    };
    await this.#queues.add(chatKeysOf(found.row), async () => {
      await this.#breathe();
      await this.#untilDone(work);
    });
    await written;
  }

  /** A long backlog lets others in between, and what it writes meanwhile shares a commit. */
  async #breathe(): Promise<void> {
    if (++this.#decided % burst === 0) await new Promise(setImmediate);
  }

  /** A row that came without its chat waits for it apart from the others: it holds up no chat. */
  async #place(entry: JournalEntry): Promise<void> {
    const { store, bridge, claim, clock } = this.deps;
    const chat = await findChat(
      entry.row,
      bridge,
      { clock, waits: this.times.lateJoinWaits },
      this.#stop.signal,
    );
    if (this.#stop.signal.aborted) return;
    if (chat) await this.#untilDone(async () => void (await store.journal.locate(claim, entry.id, chat)));
    await this.#inTurn(chat ? { ...entry, row: { ...entry.row, chat } } : entry);
  }

  /** Tries again what failed, so that the rows behind it keep their place; at a stop, the next start takes it up. */
  async #untilDone(work: () => Promise<void>): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        return await work();
      } catch (error) {
        if (failures === 0)
          this.deps.log.error("a decision could not be stored; it is taken up again", {
            error: messageOf(error),
          });
        if (!(await this.deps.clock.sleep(retryMs, this.#stop.signal))) return;
      }
    }
  }

  /** What has to be asked for or written before a row can be judged. */
  async #prepare(entry: JournalEntry): Promise<JournalEntry> {
    const tapback = await spokenTapback(entry, this.deps.store);
    if (!tapback) {
      await this.#learn(entry);
      return entry;
    }
    await this.deps.store.journal.recognise(this.deps.claim, entry.id, tapback);
    const { replyTo: _, ...row } = entry.row;
    const recognised = { ...entry, row: { ...row, tapback } };
    await this.#learn(recognised);
    return recognised;
  }

  async #learn({ row }: JournalEntry): Promise<void> {
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
    if (facts.liveAgeMs !== undefined && !row.fromMe) mac.came(row.sentAt, entry.receivedAt);
    // Its own row is what a send waits for, answered or not; when this cannot be stored, the look-up finds it as well.
    if (echo?.open && row.fromMe)
      this.#facts.give(
        echo,
        store.outbox.settle(echo.open, { state: "stored", guid: row.guid, rowId: row.rowId }, clock.now()),
      );
    return decide(row, current.policy, { ...facts, ...change });
  }

  async #carryOut(entry: JournalEntry, decision: Decision): Promise<void> {
    const { store, claim, clock } = this.deps;
    const at = clock.now();
    if (decision.kind === "pairing" && decision.offer) {
      const { policy } = this.parts.rules();
      const pending = await store.pairing.pending(at, claim.id);
      const { request, reply } = pairingOffer(entry.row, policy, pending, randomBytes, at);
      const kept = await store.journal.offerPairing(
        claim,
        { id: entry.id, decision, request, reply, most: maxPendingPairings },
        at,
      );
      crashPoint("pairing.offered");
      // Somebody else's row was quicker: this one is judged as the row after it.
      if (kept === "pending" || kept === "full")
        return this.#carryOut(entry, await this.#decide(entry, { pairing: kept }));
      this.#tell(entry, decision);
      this.#hear(entry, decision);
      return;
    }
    this.#tell(entry, decision);
    const isAnswered = decision.kind === "dispatch" || decision.kind === "command";
    if (isAnswered) await this.#dispatch.take(entry, decision, at);
    else await store.journal.decide(claim, entry.id, decision, at);
    crashPoint("inbound.decided");
    this.#listening.heard(entry, decision);
    this.parts.listener.kept();
    this.#hear(entry, decision);
    if (decision.kind === "drop" && missedReasons.has(decision.reason)) this.parts.listener.missed();
  }

  /** Once per row, when it is decided for good: what is tried again is not said again. */
  #hear({ row }: JournalEntry, { kind }: Decision): void {
    if (this.#loops.hear(row, kind === "dispatch", this.deps.clock.now())) this.parts.listener.looping(row);
  }

  #tell(entry: JournalEntry, decision: Decision): void {
    this.#log.add(entry, decision);
    this.parts.listener.decided(entry, decision);
  }
}

/** Decisions that nothing follows from: the row behind need not wait until the disk has them. */
function isQuiet(decision: Decision): boolean {
  return decision.kind === "context" || (decision.kind === "drop" && decision.reason !== "own_message");
}
