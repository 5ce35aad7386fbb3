import { backlogLimitMs } from "../access/index.js";
import { type Decision, type MessageRow, newestRowId, reasonText } from "../conversation/index.js";
import { crashPoint, messageOf, type StopTimer } from "../platform/index.js";
import type { JournalEntry } from "../store/index.js";
import { type CatchupCursor, readCursor, writeCursor } from "./catchup-cursor.js";
import { historySince, keyOf } from "./history-since.js";
import type { InboundDeps } from "./intake-deps.js";

/** The settings of `catchup`, clamped by the configuration, and what a start knows beside. */
export interface CatchUpSettings {
  maxAgeMinutes: number;
  perRunLimit: number;
  firstRunLookbackMinutes: number;
  maxFailureRetries: number;
  /** The key of the configuration that `perRunLimit` has. */
  limitKey: string;
  /** Rows above this one came after an end that was not orderly; undefined after an orderly one. */
  crashedAt: number | undefined;
}

export interface CatchUpDeps extends InboundDeps {
  settings: CatchUpSettings;
  rows: CatchUpRows;
}

/** Where the rows of a pass go. */
export interface CatchUpRows {
  /** Journals rows and takes them through the gates. */
  take(rows: MessageRow[]): Promise<void>;
  /** Takes rows that the subscription reported and that turned out not to be the pass's. */
  release(rows: MessageRow[]): void;
}

/** Waits, milliseconds. */
export interface CatchUpTimes {
  /** Between looks at what became of the replayed rows. */
  lookMs: number;
  /** Before the history is asked for again after a failure. */
  retryMs: number;
}

export const catchUpTimes: CatchUpTimes = { lookMs: 250, retryMs: 2000 };

const minuteMs = 60_000;
/** Row ids that wait for a second one near them. */
const mostFar = 20;
/** A history is asked for so often before the pass goes on without the chats that it does not have. */
const triesPerChat = 3;

/** A row of the pass, in order; without `id` nothing is to be waited for. */
interface Step {
  row: MessageRow;
  /** The id of the row's journal entry. */
  id?: number;
  settled: boolean;
}

/**
 * Replays what came while the gateway was down, once per start (behaviour 9.4). Rows go into the journal in one go, so
 * nothing is lost from there on; the cursor only tells the next start how far back to look, and stays before the first
 * row whose dispatch failed or that the limit left out.
 */
export class CatchUp {
  readonly #stop = new AbortController();
  readonly #times: CatchUpTimes;
  readonly #startedAt: number;
  /** Old rows that were reported before it is known which ones the pass replays. */
  #parked: MessageRow[] | undefined = [];
  /** Chats whose history cannot be read: the cursor stays, so that a later start looks back for them. */
  #unread: number[] = [];
  /** Rows that the limit left to a later start. */
  readonly #leftOver = new Set<string>();
  #cursor: CatchupCursor | undefined;
  /** How far the rows of the subscription reach, and row ids among them that cannot be believed yet. */
  #live: { ms: number; rowId: number; far: number[] } | undefined;
  /** Whether nothing before the newest row is left for a later start. */
  #isDrained = false;
  #saving: StopTimer | undefined;
  #pass: Promise<void> | undefined;

  /** @param path where the cursor is kept, see `cursorPath` */
  constructor(
    private readonly deps: CatchUpDeps,
    private readonly path: string,
    times: CatchUpTimes = catchUpTimes,
  ) {
    this.#times = times;
    this.#cursor = readCursor(path);
    this.#startedAt = deps.clock.now();
  }

  /** Begins the pass; called when the subscription stands. Later calls do nothing. */
  begin(): void {
    this.#pass ??= this.#run().catch((error) => {
      this.deps.log.error(`imessage catchup: the pass failed: ${messageOf(error)}`);
    });
  }

  /** Ends without waiting for turns; what is journaled goes on at the next start. */
  stop(): void {
    this.#stop.abort();
    if (this.#saving !== undefined) this.#save();
  }

  /**
   * Whether a reported row is the pass's business: a start knows the newest row only about (Apple stores old messages
   * late), so the subscription may report what is to be replayed within the limit.
   */
  owns(row: MessageRow): boolean {
    if (!this.#parked) return this.#leftOver.has(keyOf(row));
    if (row.sentAt >= this.deps.mac.theirs(this.#startedAt)) return false;
    this.#parked.push(row);
    return true;
  }

  /** A row was journaled from the subscription: it moves the cursor, but never past a backlog. */
  sawLive(row: MessageRow): void {
    const { ms, rowId, far } = this.#live ?? { ms: 0, rowId: this.#cursor?.lastSeenRowid ?? 0, far: [] };
    const ids = [...far, row.rowId];
    const newest = newestRowId(rowId, ids);
    const sentAt = Math.min(row.sentAt, this.deps.mac.now());
    this.#live = {
      ms: Math.max(ms, sentAt),
      rowId: newest,
      far: ids.filter((id) => id > newest).slice(-mostFar),
    };
    if (this.#isDrained) this.#saving ??= this.deps.clock.after(this.#times.lookMs, () => this.#save());
  }

  /** Whether a failure of these rows leads to another try at the next start, so that nobody is told of it yet. */
  async isRetried(guids: readonly string[]): Promise<boolean> {
    const { store, claim, settings } = this.deps;
    const entries = await store.journal.findByGuids(guids, claim.id);
    return guids.some(
      (guid) =>
        entries.get(guid)?.arrival === "catchup" &&
        (this.#cursor?.failureRetries[guid] ?? 0) + 1 < settings.maxFailureRetries,
    );
  }

  async #run(): Promise<void> {
    const { log, settings } = this.deps;
    const startedAt = this.#startedAt;
    const rows = await this.#fetch(startedAt);
    if (rows === undefined) return;
    const sum = { replayed: 0, skippedFromMe: 0, skippedGivenUp: 0, failed: 0, givenUp: 0, fetchedCount: 0 };
    const steps: Step[] = [];
    const fresh: MessageRow[] = [];
    const again: number[] = [];
    const waiting: MessageRow[] = [];
    let recovered = 0;
    let isCapped = false;
    const known = await this.deps.store.journal.findByGuids(rows.map(keyOf), this.deps.claim.id);
    for (const row of rows) {
      const kind = this.#kindOf(row, known.get(keyOf(row)));
      if (kind.is === "done") {
        if (!isCapped) steps.push({ row, settled: true });
        continue;
      }
      sum.fetchedCount++;
      const isRecovered = kind.is === "fresh" && this.#isRecovered(row);
      if (isRecovered) recovered++;
      const isOver =
        !isRecovered &&
        kind.is !== "underway" &&
        fresh.length + again.length - recovered >= settings.perRunLimit;
      if (kind.is === "own") sum.skippedFromMe++;
      else if (kind.is === "given-up") sum.skippedGivenUp++;
      else if (isOver) isCapped = true;
      else if (kind.is === "fresh") fresh.push(row);
      else if (kind.is === "failed") again.push(kind.id);
      if (isOver) this.#leftOver.add(keyOf(row));
      if (isOver && kind.is === "fresh") waiting.push(row);
      if (isCapped) continue;
      const settled = kind.is === "own" || kind.is === "given-up";
      steps.push({ row, settled, ...("id" in kind && { id: kind.id }) });
    }
    this.#unpark(rows);
    if (this.#unread.length > 0)
      log.warn("imessage catchup: chats cannot be read; the next start looks back for them", {
        chats: this.#unread,
      });
    if (isCapped)
      log.warn(
        `imessage catchup: fetched ${sum.fetchedCount} rows across chats, capped to perRunLimit=${settings.perRunLimit}`,
      );
    if (waiting.length > 0) await this.#defer(waiting);
    if (fresh.length > 0) await this.deps.rows.take(fresh);
    if (again.length > 0) await this.deps.store.journal.reopen(again, "catchup");
    crashPoint("catchup.taken");
    if (!this.#cursor) {
      this.#cursor = await this.#firstCursor(steps, startedAt);
      this.#save();
    }
    const isOver = await this.#follow(steps, sum);
    if (!isOver) return;
    this.#isDrained = !isCapped && this.#unread.length === 0 && steps.every(({ settled }) => settled);
    this.#forgetRetries(steps);
    this.#save();
    log.info(
      `imessage catchup: ${Object.entries(sum)
        .map(([name, count]) => `${name}=${count}`)
        .join(" ")}`,
    );
  }

  /** What a start without catch-up would answer after a crash does not wait for a later one (behaviour 9.4). */
  #isRecovered({ rowId, sentAt }: MessageRow): boolean {
    const { mac, settings } = this.deps;
    const ageMs = mac.theirs(this.#startedAt) - sentAt;
    return settings.crashedAt !== undefined && rowId > settings.crashedAt && ageMs <= backlogLimitMs;
  }

  /** Journals rows that stand in the inbox until a later start takes them up. */
  async #defer(rows: MessageRow[]): Promise<void> {
    const { store, claim, clock, settings } = this.deps;
    const { limitKey } = settings;
    const groups = rows.filter(({ chat }) => chat.isGroup);
    const direct = rows.filter(({ chat }) => !chat.isGroup);
    await store.journal.defer(claim, groups, waitingFor(limitKey, "group"), clock.now());
    await store.journal.defer(claim, direct, waitingFor(limitKey, "direct"), clock.now());
  }

  #unpark(fetched: MessageRow[]): void {
    const known = new Set(fetched.map(keyOf));
    const others = (this.#parked ?? []).filter((row) => !known.has(keyOf(row)));
    this.#parked = undefined;
    if (others.length > 0) this.deps.rows.release(others);
  }

  /** @returns the rows behind the cursor, oldest first; undefined when stopped meanwhile */
  async #fetch(startedAt: number): Promise<MessageRow[] | undefined> {
    const { bridge, log, settings, mac } = this.deps;
    const cursor = this.#cursor;
    // What Apple delivered late lies before the cursor by its time, so all that may be answered is looked through.
    const minutes = cursor
      ? settings.maxAgeMinutes
      : Math.min(settings.maxAgeMinutes, settings.firstRunLookbackMinutes);
    const from = mac.theirs(startedAt);
    const oldest = from - minutes * minuteMs;
    const since = settings.crashedAt === undefined ? oldest : Math.min(oldest, from - backlogLimitMs);
    for (let failures = 0; ; failures++) {
      if (this.#stop.signal.aborted) return undefined;
      try {
        const { rows, unread } = await historySince(bridge, since);
        this.#unread = unread;
        // A lock passes; a chat that stays unreadable holds up nobody else (behaviour 9.9).
        if (unread.length > 0 && failures + 1 < triesPerChat)
          throw new Error(`chats ${unread.join(", ")} cannot be read`);
        // Behind the cursor by its number, or by its time: numbers start again in another database file.
        return rows.filter(
          (row) =>
            this.#isRecovered(row) ||
            (row.sentAt >= oldest &&
              (!cursor || row.rowId > cursor.lastSeenRowid || row.sentAt >= cursor.lastSeenMs)),
        );
      } catch (error) {
        if (failures === 0) log.warn(`imessage catchup: the history cannot be read: ${messageOf(error)}`);
        await this.deps.clock.sleep(this.#times.retryMs, this.#stop.signal);
      }
    }
  }

  #kindOf(
    row: MessageRow,
    entry: JournalEntry | undefined,
  ): { is: "own" | "given-up" | "fresh" | "done" } | { is: "failed" | "underway"; id: number } {
    const { settings } = this.deps;
    const retries = this.#cursor?.failureRetries[row.guid] ?? 0;
    if (retries >= settings.maxFailureRetries) return { is: "given-up" };
    const isWaiting = entry?.decision?.kind === "drop" && entry.decision.reason === "waiting_catchup";
    if (!entry || isWaiting) return { is: row.fromMe ? "own" : "fresh" };
    if (entry.arrival !== "catchup" || entry.state === "done") return { is: "done" };
    return { is: entry.state === "failed" ? "failed" : "underway", id: entry.id };
  }

  /** Waits for what becomes of the rows, and moves the cursor behind them. @returns false when stopped meanwhile */
  async #follow(steps: Step[], sum: { replayed: number; failed: number; givenUp: number }): Promise<boolean> {
    const { store, claim } = this.deps;
    const fresh = steps.filter(({ settled, id }) => !settled && id === undefined);
    const entries = await store.journal.findByGuids(
      fresh.map(({ row }) => keyOf(row)),
      claim.id,
    );
    for (const step of fresh) {
      const entry = entries.get(keyOf(step.row));
      // Reported by the subscription at the same moment: it is in the journal as such.
      if (entry && entry.arrival === "catchup") step.id = entry.id;
      else step.settled = true;
    }
    let open = steps.filter(({ settled }) => !settled);
    for (;;) {
      const before = open.length;
      const waiting: Step[] = [];
      for (const step of open) if (!(await this.#settle(step, sum))) waiting.push(step);
      open = waiting;
      if (open.length < before || before === 0) this.#advance(steps);
      if (open.length === 0) return true;
      if (!(await this.deps.clock.sleep(this.#times.lookMs, this.#stop.signal))) return false;
    }
  }

  /** @returns whether the row needs no more waiting: done, or failed in this run */
  async #settle(step: Step, sum: { replayed: number; failed: number; givenUp: number }): Promise<boolean> {
    const { store, log, settings } = this.deps;
    const state = (await store.journal.get(step.id!))?.state;
    const { guid } = step.row;
    const cursor = this.#cursor!;
    if (state === "done") {
      sum.replayed++;
      step.settled = true;
      delete cursor.failureRetries[guid];
      return true;
    }
    if (state !== "failed") return false;
    const failures = (cursor.failureRetries[guid] ?? 0) + 1;
    cursor.failureRetries[guid] = failures;
    if (failures < settings.maxFailureRetries) {
      sum.failed++;
      return true;
    }
    sum.givenUp++;
    step.settled = true;
    log.warn(
      `imessage catchup: giving up on guid=${guid} after ${failures} failures; advancing cursor past it`,
    );
    return true;
  }

  #advance(steps: Step[]): void {
    const held = this.#unread.length > 0 ? 0 : steps.findIndex(({ settled }) => !settled);
    this.#moveBehind((held < 0 ? steps : steps.slice(0, held)).map(({ row }) => row));
    if (steps.length > 0) this.#save();
  }

  /** Before the first row; a quiet first run is one all the same: the next start looks back to here. */
  async #firstCursor(steps: Step[], startedAt: number): Promise<CatchupCursor> {
    const { store, claim, mac } = this.deps;
    const first = steps[0]?.row;
    return {
      lastSeenMs: Math.min(first ? first.sentAt - 1 : Number.POSITIVE_INFINITY, mac.theirs(startedAt)),
      lastSeenRowid: first
        ? Math.min(...steps.map(({ row }) => row.rowId)) - 1
        : Math.max(0, await store.accounts.cursor(claim.id)),
      updatedAt: startedAt,
      failureRetries: {},
    };
  }

  /** Neither a time ahead of the clock nor a row id that cannot be believed moves the cursor (behaviour 9.5). */
  #moveBehind(rows: readonly MessageRow[]): void {
    const cursor = this.#cursor!;
    const now = this.deps.mac.now();
    cursor.lastSeenMs = Math.max(cursor.lastSeenMs, ...rows.map(({ sentAt }) => Math.min(sentAt, now)));
    cursor.lastSeenRowid = newestRowId(
      cursor.lastSeenRowid,
      rows.map(({ rowId }) => rowId),
    );
  }

  /** Counts are kept for rows within reach: what was not fetched any more cannot come back. */
  #forgetRetries(steps: Step[]): void {
    if (!this.#cursor) return;
    const inReach = new Set(steps.map(({ row }) => row.guid));
    this.#cursor.failureRetries = Object.fromEntries(
      Object.entries(this.#cursor.failureRetries).filter(([guid]) => inReach.has(guid)),
    );
  }

  #save(): void {
    this.#saving?.();
    this.#saving = undefined;
    const { clock, log } = this.deps;
    if (!this.#cursor) return;
    const live = this.#isDrained ? this.#live : undefined;
    this.#cursor.lastSeenMs = Math.max(this.#cursor.lastSeenMs, live?.ms ?? 0);
    this.#cursor.lastSeenRowid = Math.max(this.#cursor.lastSeenRowid, live?.rowId ?? 0);
    this.#cursor.updatedAt = clock.now();
    try {
      writeCursor(this.path, this.#cursor);
    } catch (error) {
      log.error(`imessage catchup: the cursor cannot be stored: ${messageOf(error)}`);
    }
  }
}

function waitingFor(key: string, treatedAs: Decision["treatedAs"]): Decision & { kind: "drop" } {
  const { happened: detail, remedy } = reasonText("waiting_catchup", { perRunLimit: key });
  return {
    kind: "drop",
    treatedAs,
    gates: [{ gate: "catchup", passed: false, detail, key }],
    reason: "waiting_catchup",
    key,
    remedy,
  };
}
