import { ofOneChat } from "../bridge/index.js";
import type { Chat, MessageRow } from "../conversation/index.js";
import { deadline, messageOf, type StopTimer } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";
import { historySince, keyOf } from "./history-since.js";
import type { InboundDeps } from "./intake-deps.js";
import { SkippedRows } from "./skipped-rows.js";

/** How things stand with the database's file, where it can be seen. */
export interface FileStamp {
  /** Which file it is. */
  file: string;
  /** Changes with every write. */
  content: string;
}

/** Waits, milliseconds. */
export interface ProgressTimes {
  /** Between looks. */
  everyMs: number;
  /**
   * A row that was seen and not reported for so long is a stall: longer than the default debounce (250 ms) and the 2 s
   * for which imsg holds a text back for its link preview (protocol reference 3.4, item 11).
   */
  patienceMs: number;
  /** A file that does not change is looked into all the same this often, in case it is not the one that imsg reads. */
  sureMs: number;
}

/** Together at most 4.3 s until a row is found that was never reported (behaviour 9.6: 5 s). */
export const progressTimes: ProgressTimes = { everyMs: 1500, patienceMs: 2750, sureMs: 30_000 };

/** Chats looked at, newest activity first; a stall has its rows in the first ones. */
const lookedChats = 5;
/** Rows of a chat that are fetched at once. */
const lookedRows = 50;
/** Messages may store a row so much later than it was sent, milliseconds. */
const lateMs = 600_000;
/** What came after a row is looked for among what was sent at most so long before it, milliseconds: a history of years is no backlog. */
const mostLateMs = 24 * 3600_000;
/** imsg reports so many rows per poll and waits 5 s for the next ones: a subscription that works off a backlog. */
const batchRows = 100;
const batchMs = 6000;

export interface ProgressDeps extends InboundDeps {
  /** The database's file where it is local; undefined where it cannot be seen. */
  stamp: () => FileStamp | undefined;
  listener: ProgressListener;
}

/** Hears what was found by looking. */
export interface ProgressListener {
  /** Takes rows that the subscription never reported. */
  found(rows: MessageRow[]): void;
  /** The chats with the newest activity were listed. */
  listed(chats: readonly Chat[]): void;
  /** The subscription was found silent while so many rows came. */
  stalled(rows: number): void;
  /** The file at the database's place is another one than imsg has open. */
  replaced(): void;
}

/**
 * Proves that the subscription makes progress (behaviour 9.6), for file events are hints: asks at a low rate for the
 * newest activity, and fetches what was never reported. A quiet chat is not a fault; where the file can be seen it costs
 * two looks at its times.
 */
export class ProgressWatch {
  readonly #times: ProgressTimes;
  readonly #startedAt: number;
  /** Newest time of a row per chat that the subscription reported, or that turned out to be no message. */
  readonly #heard = new Map<number, number>();
  readonly #suspects = new Map<string, number>();
  readonly #skipped: SkippedRows;
  /** The row behind which the subscription began. */
  #point = 0;
  #recent: number[] = [];
  /** So far all rows are known, but for those that are still without a chat. */
  #readTo = 0;
  /** Chats that stand before those with news for what is dated ahead in them. */
  #datedAhead = 0;
  /** Since when the whole history has to be gone through, once. */
  #unread: number | undefined;
  #floor: number | undefined;
  #file: string | undefined;
  #content: string | undefined;
  #askedAt = 0;
  #stopTimer: StopTimer = () => {};
  #isStopped = false;

  constructor(
    private readonly deps: ProgressDeps,
    times: ProgressTimes = progressTimes,
  ) {
    this.#times = times;
    this.#startedAt = deps.clock.now();
    this.#skipped = new SkippedRows(deps.clock, times.patienceMs);
  }

  /** Begins to look, the first time at once. */
  start(): void {
    this.#arm(0);
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true;
    this.#stopTimer();
  }

  /** The subscription begins behind a row. @param point -1: it reports all there is @returns the same */
  async subscribesAfter(point: Promise<number>): Promise<number> {
    const rowId = await point;
    this.#point = rowId;
    this.#skipped.subscribed(rowId);
    return rowId;
  }

  /** Whether the subscription passed over rows that may still come. */
  get misses(): boolean {
    return this.#skipped.misses;
  }

  /** A child opens the database now. */
  opened(): void {
    this.#file = this.deps.stamp()?.file;
  }

  /** The database is another one: its chats have other numbers, and rows since a time of ours may be unknown. */
  restart(since: number): void {
    this.#heard.clear();
    this.#suspects.clear();
    this.#skipped.forget();
    this.#readTo = 0;
    this.#floor = this.deps.mac.theirs(since);
    this.#content = undefined;
    this.#unread = since;
  }

  /** The subscription reported a row. */
  heard(row: MessageRow): void {
    this.#mark(row);
    this.#skipped.came(row);
    const now = this.deps.clock.now();
    this.#recent = [...this.#recent.slice(1 - batchRows), now];
  }

  /** What is dated ahead (Send Later) must not hide what comes until then (behaviour 9.5). */
  #mark({ chat, sentAt }: MessageRow): void {
    if (sentAt <= this.deps.mac.now())
      this.#heard.set(chat.id, Math.max(sentAt, this.#heard.get(chat.id) ?? 0));
  }

  #arm(ms: number): void {
    if (this.#isStopped) return;
    this.#stopTimer = deadline(this.deps.clock, ms, () => void this.#beat(), { unref: true });
  }

  async #beat(): Promise<void> {
    let wait = this.#times.everyMs;
    try {
      if (this.deps.bridge.state === "live") wait = await this.#look();
    } catch (error) {
      // The bridge tells of its own troubles.
      this.deps.log.debug(`the newest activity could not be read: ${messageOf(error)}`);
    }
    this.#arm(wait);
  }

  /** @returns milliseconds until the next look */
  async #look(): Promise<number> {
    const { bridge, clock, mac } = this.deps;
    const { everyMs, sureMs } = this.#times;
    const stamp = this.deps.stamp();
    if (stamp && this.#file !== undefined && stamp.file !== this.#file) {
      this.#file = stamp.file;
      this.deps.listener.replaced();
      return everyMs;
    }
    this.#file ??= stamp?.file;
    if (this.#unread !== undefined) await this.#readAgain(this.#unread);
    await this.#lookForSkipped();
    const isSame = stamp !== undefined && stamp.content === this.#content && this.#suspects.size === 0;
    if (isSame && clock.now() - this.#askedAt < sureMs) return everyMs;
    const chats = await bridge.chats(lookedChats + this.#datedAhead);
    this.#datedAhead = chats.filter((chat) => this.#isAhead(chat)).length;
    this.deps.listener.listed(chats);
    this.#askedAt = clock.now();
    this.#content = stamp?.content;
    this.#floor ??= Math.min(
      mac.theirs(this.#startedAt),
      Math.max(0, ...chats.map((chat) => chat.lastMessageAt ?? 0)),
    );
    const ahead = chats.filter((chat) => (chat.lastMessageAt ?? 0) > this.#heardUntil(chat));
    if (ahead.length === 0) {
      this.#suspects.clear();
      return everyMs;
    }
    const unknown = await this.#unknownBehind();
    for (const chat of ahead) {
      const isTold = unknown.some((row) => row.chat.id === chat.id);
      if (!isTold) unknown.push(...(await this.#unknownIn(chat)));
    }
    return this.#judge(unknown);
  }

  /** What the subscription reports first would hide the rows before it, so that these are not left to the usual look. */
  async #readAgain(since: number): Promise<void> {
    const { bridge, mac } = this.deps;
    const { rows, unread } = await historySince(bridge, mac.theirs(since));
    if (unread.length > 0)
      this.deps.log.warn("chats cannot be read; what came in them is not looked for", { chats: unread });
    this.#unread = undefined;
    this.deps.listener.found(await this.#unknownOf(rows));
  }

  /** Where the build gives rows by their number: others report a row that has no chat yet, or cannot be asked for it. */
  async #lookForSkipped(): Promise<void> {
    const { bridge, listener, log } = this.deps;
    const due = this.#skipped.due();
    if (due.length === 0) return;
    // A look that fails is one of those that there are: the others go on beside it.
    this.#skipped.lookedFor(due);
    const rows = await bridge.rowsAfter(due[0]! - 1);
    const missed = new Set(due);
    const found = await this.#unknownOf((rows ?? []).filter(({ rowId }) => missed.has(rowId)));
    if (found.length === 0) return;
    log.info("rows that the subscription passed over were found", { rows: found.map(({ rowId }) => rowId) });
    for (const row of found) this.#skipped.came(row);
    listener.found(found);
  }

  #heardUntil(chat: Chat): number {
    return Math.max(this.#floor ?? 0, this.#heard.get(chat.id) ?? 0);
  }

  /** Rows of a chat that are not in the journal. None: what is new there is no message. */
  async #unknownIn(chat: Chat): Promise<MessageRow[]> {
    const { bridge } = this.deps;
    const since = this.#heardUntil(chat) + 1;
    const rows = await ofOneChat(
      bridge.history({ chatId: chat.id, limit: lookedRows, since, attachments: true, faulty: true }),
    );
    // Looked at again with the next look, beside the others.
    if (!rows.ok) return [];
    const unknown = await this.#unknownOf(rows.value);
    if (unknown.length > 0) return unknown;
    if (this.#isAhead(chat)) for (const row of rows.value) this.#mark(row);
    else this.#heard.set(chat.id, chat.lastMessageAt ?? since);
    return unknown;
  }

  /** Rows that are not in the journal, where the build gives rows by their number: also those that no history shows (tapbacks). */
  async #unknownBehind(): Promise<MessageRow[]> {
    const { bridge, store, claim } = this.deps;
    // What was there before the account was served is nobody's stall.
    const point = await store.accounts.resumePoint(claim.id);
    const rows = point > 0 ? await bridge.rowsAfter(Math.max(point, this.#readTo)) : undefined;
    const unknown = rows ? await this.#unknownOf(rows) : [];
    // While the subscription is silent its point stays; what is known behind it would fill every look.
    if (unknown.length === 0) this.#readTo = Math.max(this.#readTo, (rows?.at(-lookedRows)?.rowId ?? 0) - 1);
    return unknown;
  }

  #isAhead({ lastMessageAt = 0 }: Chat): boolean {
    return lastMessageAt > this.deps.mac.now();
  }

  async #unknownOf(rows: MessageRow[]): Promise<MessageRow[]> {
    const { store, claim } = this.deps;
    const known = await store.journal.findByGuids(rows.map(keyOf), claim.id);
    return rows.filter((row) => !known.has(keyOf(row)));
  }

  /**
   * What lies behind the point of a subscription that is silent from its beginning, where the build does not give rows by their
   * number: what came before this process did is not looked for otherwise.
   */
  async #backlog(): Promise<MessageRow[]> {
    const { bridge, store, claim, mac, log } = this.deps;
    const point = this.#point;
    const entries = await store.journal.list({ account: claim.id, own: true, limit: lookedRows });
    const [newest] = entries;
    if (point <= 0 || newest === undefined || (await bridge.rowsAfter(point)) !== undefined) return [];
    const sent = ({ row, receivedAt }: JournalEntry) => Math.min(row.sentAt, mac.theirs(receivedAt));
    // Rows are stored in their order: what lies behind the point came after all of these. One without a time, or an old one that
    // was stored late, says nothing of when that was.
    const before = Math.max(...entries.filter(({ row }) => row.rowId <= point).map(sent));
    const since = Math.max(sent(newest), before - mostLateMs) - lateMs;
    const { rows, unread } = await historySince(bridge, since);
    if (unread.length > 0)
      log.warn("chats cannot be read; what came in them is not looked for", { chats: unread });
    return this.#unknownOf(rows.filter(({ rowId }) => rowId > point));
  }

  async #judge(unknown: MessageRow[]): Promise<number> {
    const { clock } = this.deps;
    const { everyMs, patienceMs } = this.#times;
    const now = clock.now();
    const keys = new Set(unknown.map(keyOf));
    for (const key of this.#suspects.keys()) if (!keys.has(key)) this.#suspects.delete(key);
    for (const key of keys) if (!this.#suspects.has(key)) this.#suspects.set(key, now);
    if (keys.size === 0) return everyMs;
    const oldest = Math.min(...this.#suspects.values());
    // Rows come in order: while a backlog is worked off, those behind it are no stall.
    const isBusy = this.#recent.length >= batchRows && now - this.#recent[0]! < batchMs;
    if (isBusy || now - oldest < patienceMs)
      return Math.max(10, Math.min(everyMs, oldest + patienceMs - now));
    const late = unknown.filter((row) => now - this.#suspects.get(keyOf(row))! >= patienceMs);
    const known = new Set(late.map(keyOf));
    const stalled = [...late, ...(await this.#backlog()).filter((row) => !known.has(keyOf(row)))];
    stalled.sort((a, b) => a.sentAt - b.sentAt || a.rowId - b.rowId);
    for (const row of stalled) {
      this.#suspects.delete(keyOf(row));
      this.#mark(row);
    }
    this.deps.listener.found(stalled);
    this.deps.listener.stalled(stalled.length);
    return everyMs;
  }
}
