import { groupOptions } from "../access/index.js";
import { chatKeysOf, type Decision, type MessageRow, shownText } from "../conversation/index.js";
import { messageOf, type StopTimer } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";
import { openListening } from "../turns/index.js";
import type { ChatQueues } from "./chat-queues.js";
import type { InboundDeps, IntakeParts } from "./intake-deps.js";

/** A group is quiet when nobody has written for so long, milliseconds (behaviour 18.8). */
export const groupQuietMs = 60_000;
/** What was written is handed over at most so much later, milliseconds. */
export const longestMs = 5 * 60_000;
/** So many messages, or so many characters of them, wait for no quiet. */
export const mostMessages = 20;
const mostText = 4000;
/** Turns that only read along in one group within an hour. */
export const mostTurnsPerHour = 6;
const hourMs = 60 * 60_000;
/** Rows that are looked through at a start for what an earlier run left, and how old they may be, milliseconds. */
const looked = 200;
const staleMs = 2 * longestMs;
/** Wait before what failed is tried again, milliseconds. */
const retryMs = 10_000;

/** A group in which something waits. */
interface Waiting {
  row: MessageRow;
  since: number;
  count: number;
  length: number;
  stopTimer: StopTimer;
}

/**
 * Lets an agent read along in groups that have `listen` (behaviour 18.8): what addresses nobody is gathered until the group
 * is quiet, and handed over as one turn. Only the moment is kept here; the messages are context in the journal until a
 * turn takes them, this one or one that was asked for.
 */
export class Listening {
  readonly #waiting = new Map<number, Waiting>();
  readonly #work = new Set<Promise<void>>();
  #stopped = false;

  /**
   * @param opening the queues in which turns of a chat are opened
   * @param quietMs when nobody has written for so long, a group is quiet, milliseconds
   */
  constructor(
    private readonly deps: InboundDeps,
    private readonly parts: Pick<IntakeParts, "rules">,
    private readonly opening: ChatQueues,
    private readonly quietMs: number,
  ) {}

  /** Takes up what an earlier run left of the last minutes; what is older is context of the next turn. */
  async resume(): Promise<void> {
    const { store, claim, clock, log } = this.deps;
    try {
      const filter = {
        account: claim.id,
        decision: "context",
        reason: "not_mentioned",
        limit: looked,
      } as const;
      const since = clock.now() - staleMs;
      for (const entry of (await store.journal.list(filter)).reverse())
        if (entry.turnId === undefined && entry.receivedAt > since && entry.decision)
          this.heard(entry, entry.decision);
    } catch (error) {
      log.warn(`what was written in groups that are listened to cannot be read: ${messageOf(error)}`);
    }
  }

  /** A row was decided, and the decision is in the store. */
  heard({ row }: Pick<JournalEntry, "row">, decision: Decision): void {
    if (this.#stopped || decision.kind !== "context" || decision.reason !== "not_mentioned") return;
    const chatId = row.chat.id;
    if (chatId <= 0 || !this.#listensTo(chatId)) return;
    const now = this.deps.clock.now();
    const known = this.#waiting.get(chatId);
    known?.stopTimer();
    const waiting: Waiting = {
      row,
      since: known?.since ?? now,
      count: (known?.count ?? 0) + 1,
      length: (known?.length ?? 0) + shownText(row).length,
      stopTimer: () => {},
    };
    this.#waiting.set(chatId, waiting);
    const isFull = waiting.count >= mostMessages || waiting.length >= mostText;
    this.#openIn(chatId, waiting, isFull ? 0 : Math.min(this.quietMs, waiting.since + longestMs - now));
  }

  /** Opens nothing more; what waits is taken up by the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { stopTimer } of this.#waiting.values()) stopTimer();
    this.#waiting.clear();
    await Promise.all(this.#work);
  }

  #listensTo(chatId: number): boolean {
    const { listed, enabled, listen } = groupOptions(chatId, this.parts.rules().policy);
    return listed && enabled && listen;
  }

  #openIn(chatId: number, waiting: Waiting, ms: number): void {
    waiting.stopTimer = this.deps.clock.after(Math.max(0, ms), () => {
      const work = this.#open(chatId, waiting)
        .catch((error) => {
          this.deps.log.error(`a turn that reads along could not be opened: ${messageOf(error)}`, {
            chat: chatId,
          });
          this.#again(chatId, waiting, retryMs);
        })
        .finally(() => this.#work.delete(work));
      this.#work.add(work);
    });
  }

  #again(chatId: number, waiting: Waiting, ms: number): void {
    // Somebody wrote meanwhile: that is waited for.
    if (this.#stopped || (this.#waiting.has(chatId) && this.#waiting.get(chatId) !== waiting)) return;
    this.#waiting.set(chatId, waiting);
    this.#openIn(chatId, waiting, ms);
  }

  async #open(chatId: number, waiting: Waiting): Promise<void> {
    const { store, claim, clock, mac, log } = this.deps;
    const isCurrent = this.#waiting.get(chatId) === waiting;
    if (this.#stopped || !isCurrent) return;
    this.#waiting.delete(chatId);
    if (!this.#listensTo(chatId)) return;
    const rules = this.parts.rules();
    const now = clock.now();
    const byHand = rules.quietMs > 0 ? await store.journal.lastByHand(claim.id, chatId) : undefined;
    // Where the account's human speaks, the agent keeps quiet (behaviour 10.4): what was written stays context.
    if (byHand !== undefined && now - mac.writtenAt(byHand) < rules.quietMs) return;
    const turns = await store.turns.listened(claim.id, chatId, now - hourMs);
    if (turns.length >= mostTurnsPerHour) {
      log.debug("a group is read along later: enough turns in this hour", { chat: chatId });
      return this.#again(chatId, waiting, turns[turns.length - mostTurnsPerHour]! + hourMs - now);
    }
    await this.opening.add(chatKeysOf(waiting.row), async () => {
      const entries = await store.journal.context(claim.id, chatId, mostMessages);
      if (entries.length > 0) await openListening(entries, rules, this.deps, clock.now());
    });
  }
}
