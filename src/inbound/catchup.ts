import { backlogLimitMs } from "../access/index.js";
import { type MessageRow, newestRowId } from "../conversation/index.js";
import { crashPoint, messageOf, type StopTimer } from "../platform/index.js";
import type { JournalState } from "../store/index.js";
import {
  type CatchupCursor,
  type Reading,
  readCursor,
  wasHandledElsewhere,
  writeCursor,
} from "./catchup-cursor.js";
import { takeOwn } from "./catchup-own.js";
import { areJournaled, type CatchUpRows, kindOf, type Pass, type Step } from "./catchup-pass.js";
import { type Slice, slicesOf, spanOf } from "./catchup-slices.js";
import { historySince, keyOf } from "./history-since.js";
import type { InboundDeps } from "./intake-deps.js";
import { ParkedRows } from "./parked-rows.js";
import { deferRows } from "./waiting-catchup.js";

/** The settings of `catchup`, clamped by the configuration, and what a start knows beside. */
export interface CatchUpSettings {
  maxAgeMinutes: number;
  perRunLimit: number;
  firstRunLookbackMinutes: number;
  maxFailureRetries: number;
  /** So long the agent keeps quiet where the account's human wrote, milliseconds; 0: never. */
  quietMs: number;
  /** The key of the configuration that `perRunLimit` has. */
  limitKey: string;
  /** Rows above this one came after an end that was not orderly; undefined after an orderly one. */
  crashedAt: number | undefined;
}

export interface CatchUpDeps extends InboundDeps {
  settings: CatchUpSettings;
  rows: CatchUpRows;
}

/** Waits, milliseconds. */
export interface CatchUpTimes {
  /** Between looks at what became of the replayed rows. */
  lookMs: number;
  /** Before the history is asked for again after a failure. */
  retryMs: number;
}

export const catchUpTimes: CatchUpTimes = { lookMs: 250, retryMs: 2000 };

/** Row ids that wait for a second one near them. */
const mostFar = 20;
/** A history is asked for so often before the pass goes on without the chats that it does not have. */
const triesPerChat = 3;

/**
 * Replays what came while the gateway was down, once per start (behaviour 9.4). Rows go into the journal in one go, so
 * nothing is lost from there on; the cursor only tells the next start how far back to look, and stays before the first
 * row whose dispatch failed or that the limit left out.
 */
export class CatchUp {
  readonly #stop = new AbortController();
  readonly #times: CatchUpTimes;
  readonly #startedAt: number;
  readonly #parked: ParkedRows;
  /** Chats whose history cannot be read: the cursor stays, so that a later start looks back for them. */
  #unread: number[] = [];
  #cursor: CatchupCursor | undefined;
  /** How far the rows of the subscription reach, and row ids among them that cannot be believed yet. */
  #live: { ms: number; rowId: number; far: number[] } | undefined;
  /** Whether nothing before the newest row is left for a later start. */
  #isDrained = false;
  #saving: StopTimer | undefined;
  /** Ends when what is being saved is. */
  #saved = Promise.resolve();
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
    this.#parked = new ParkedRows((rows) => deps.rows.release(rows));
  }

  /** Begins the pass; called when the subscription stands. Later calls do nothing. */
  begin(): void {
    this.#pass ??= this.#run().catch((error) => {
      this.deps.log.error(`imessage catchup: the pass failed: ${messageOf(error)}`);
    });
  }

  /** Ends without waiting for turns; what is journaled goes on at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#saving !== undefined) this.#save();
    await this.#saved;
  }

  /**
   * Whether a reported row is the pass's business: a start knows the newest row only about (Apple stores old messages
   * late), so the subscription may report what is to be replayed within the limit.
   */
  owns(row: MessageRow): boolean {
    return this.#parked.owns(row, row.sentAt < this.deps.mac.theirs(this.#startedAt));
  }

  /** A row was journaled from the subscription: it moves the cursor, but never past a backlog, nor past rows that are missed. */
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
    if (this.#isDrained) this.#saving ??= this.deps.clock.after(this.#times.lookMs, () => void this.#save());
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
    const { log, settings, store, claim, mac } = this.deps;
    const sum = { replayed: 0, skippedFromMe: 0, skippedGivenUp: 0, failed: 0, givenUp: 0, fetchedCount: 0 };
    const pass: Pass = { sum, steps: [], taken: 0, isCapped: false, handedOver: [] };
    const isFirst = this.#cursor === undefined;
    const span = spanOf(settings, this.#cursor, mac.theirs(this.#startedAt));
    const { oldest, since, sliceMs, to } = span;
    this.#cursor ??= await this.#cursorBefore(span.answered);
    const isPass = this.#filter(span.answered);
    await this.#remember({ untilMs: since, sliceMs });
    const isOwnKnown = await takeOwn(span, this.deps, {
      isPass,
      knownUntil: this.#cursor.reading?.ownUntilMs ?? 0,
      fetch: (slice) => this.#fetch(slice),
      remember: (ownUntilMs) => this.#remember({ ownUntilMs }),
    });
    if (!isOwnKnown) return;
    const earlier = oldest < since ? await store.journal.caughtUp(claim.id, oldest, since) : [];
    let rows = earlier.map(({ row }) => row).filter(isPass);
    for (const slice of slicesOf(since, to, sliceMs)) {
      const read = await this.#fetch(slice);
      if (read === undefined) return;
      rows = [...rows, ...read.filter(isPass)];
      await this.#takeIn(rows, pass, slice.until);
      if (slice.until !== undefined && (await areJournaled(pass.handedOver, this.deps)))
        await this.#remember({ untilMs: slice.until });
      rows = [];
    }
    if (await areJournaled(pass.handedOver, this.deps)) await this.#remember({ untilMs: to });
    if (this.#unread.length > 0)
      log.warn("imessage catchup: chats cannot be read; the next start looks back for them", {
        chats: this.#unread,
      });
    if (pass.isCapped)
      log.warn(
        `imessage catchup: fetched ${sum.fetchedCount} rows across chats, capped to perRunLimit=${settings.perRunLimit}`,
      );
    // A quiet first run is one all the same: the next start looks back to here.
    if (isFirst && pass.steps.length === 0) this.#cursor.lastSeenMs = Math.max(this.#cursor.lastSeenMs, to);
    const isOver = await this.#follow(pass.steps, sum);
    if (!isOver) return;
    delete this.#cursor.reading;
    this.#isDrained =
      !pass.isCapped && this.#unread.length === 0 && pass.steps.every(({ settled }) => settled);
    this.#forgetRetries(pass.steps);
    await this.#save();
    log.info(
      `imessage catchup: ${Object.entries(sum)
        .map(([name, count]) => `${name}=${count}`)
        .join(" ")}`,
    );
  }

  async #remember(reading: Partial<Reading>): Promise<void> {
    if (this.#unread.length > 0) return;
    this.#cursor!.reading = { ...this.#cursor!.reading!, ...reading };
    await this.#save();
    crashPoint("catchup.read");
  }

  /** Journals what is to be answered of some rows and what our side wrote, oldest first, and what the limit leaves. @param until they are all that was sent before; absent: all */
  async #takeIn(rows: readonly MessageRow[], pass: Pass, until: number | undefined): Promise<void> {
    const { settings, store, claim } = this.deps;
    const { sum, steps } = pass;
    const fresh: MessageRow[] = [];
    const again: number[] = [];
    const waiting: MessageRow[] = [];
    const known = await store.journal.findByGuids(rows.map(keyOf), claim.id);
    for (const row of rows) {
      const retries = this.#cursor?.failureRetries[row.guid] ?? 0;
      const kind = kindOf(row, known.get(keyOf(row)), retries >= settings.maxFailureRetries);
      if (kind.is === "done") {
        if (!pass.isCapped) steps.push({ row, settled: true });
        continue;
      }
      sum.fetchedCount++;
      const isRecovered = kind.is === "fresh" && this.#isRecovered(row);
      const isOver = !isRecovered && kind.is !== "underway" && pass.taken >= settings.perRunLimit;
      if (kind.is === "own") sum.skippedFromMe++;
      // It is not replayed: what the account's human wrote is known (behaviour 10.4).
      if (kind.is === "own") fresh.push(row);
      else if (kind.is === "given-up") sum.skippedGivenUp++;
      else if (isOver) pass.isCapped = true;
      else if (kind.is === "fresh") fresh.push(row);
      else if (kind.is === "failed") again.push(kind.id);
      if (!isOver && !isRecovered && (kind.is === "fresh" || kind.is === "failed")) pass.taken++;
      if (isOver) this.#parked.leave(row);
      if (isOver && kind.is === "fresh") waiting.push(row);
      if (pass.isCapped) continue;
      const settled = kind.is === "own" || kind.is === "given-up";
      steps.push({ row, settled, ...("id" in kind && { id: kind.id }) });
    }
    pass.handedOver.push(...this.#parked.unpark(rows, until));
    if (waiting.length > 0) await deferRows(waiting, settings.limitKey, this.deps);
    // At a stop nothing is taken any more.
    pass.handedOver.push(...fresh);
    if (fresh.length > 0) await this.deps.rows.take(fresh);
    this.#parked.journaled();
    if (again.length > 0) await store.journal.reopen(again, "catchup");
    crashPoint("catchup.taken");
  }

  /** What a start without catch-up would answer after a crash does not wait for a later one (behaviour 9.4). */
  #isRecovered({ rowId, sentAt }: MessageRow): boolean {
    const { mac, settings } = this.deps;
    const ageMs = mac.theirs(this.#startedAt) - sentAt;
    return settings.crashedAt !== undefined && rowId > settings.crashedAt && ageMs <= backlogLimitMs;
  }

  /**
   * Which rows are the pass's: behind the cursor by their number, or by their time, for numbers start again in another
   * database file.
   * @param answered what was sent before is too old, milliseconds since the epoch by the Mac's clock
   */
  #filter(answered: number): (row: MessageRow) => boolean {
    const { lastSeenRowid, lastSeenMs } = this.#cursor!;
    return (row) =>
      this.#isRecovered(row) ||
      (row.sentAt >= answered &&
        !wasHandledElsewhere(this.#cursor!, row) &&
        (row.rowId > lastSeenRowid || row.sentAt >= lastSeenMs));
  }

  /** @returns the rows of a slice, oldest first; undefined when stopped meanwhile */
  async #fetch(slice: Slice): Promise<MessageRow[] | undefined> {
    const { bridge, log } = this.deps;
    for (let failures = 0; ; failures++) {
      if (this.#stop.signal.aborted) return undefined;
      try {
        const { rows, unread } = await historySince(bridge, slice.since, slice.until);
        const isNews = unread.some((chat) => !this.#unread.includes(chat));
        // A lock passes; a chat that stays unreadable holds up nobody else (behaviour 9.9).
        if (isNews && failures + 1 < triesPerChat)
          throw new Error(`chats ${unread.join(", ")} cannot be read`);
        this.#unread = [...new Set([...this.#unread, ...unread])];
        return rows;
      } catch (error) {
        if (failures === 0) log.warn(`imessage catchup: the history cannot be read: ${messageOf(error)}`);
        await this.deps.clock.sleep(this.#times.retryMs, this.#stop.signal);
      }
    }
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
      // A stop kept it from the journal: the cursor stays for the next start.
      if (!entry) return false;
      // Reported by the subscription at the same moment: it is in the journal as such.
      if (entry.arrival === "catchup") step.id = entry.id;
      else step.settled = true;
    }
    let open = steps.filter(({ settled }) => !settled);
    for (;;) {
      const before = open.length;
      const states = await store.journal.states(open.map(({ id }) => id!));
      open = open.filter((step) => !this.#settle(step, states.get(step.id!), sum));
      if (open.length < before || before === 0) await this.#advance(steps);
      if (open.length === 0) return true;
      if (!(await this.deps.clock.sleep(this.#times.lookMs, this.#stop.signal))) return false;
    }
  }

  /** @returns whether the row needs no more waiting: done, or failed in this run */
  #settle(
    step: Step,
    state: JournalState | undefined,
    sum: { replayed: number; failed: number; givenUp: number },
  ): boolean {
    const { log, settings } = this.deps;
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

  async #advance(steps: Step[]): Promise<void> {
    const held = this.#unread.length > 0 ? 0 : steps.findIndex(({ settled }) => !settled);
    this.#moveBehind((held < 0 ? steps : steps.slice(0, held)).map(({ row }) => row));
    if (steps.length > 0) await this.#save();
  }

  /** Of a first run: all that it looks back to lies behind it by its time. */
  async #cursorBefore(answered: number): Promise<CatchupCursor> {
    const { store, claim } = this.deps;
    const lastSeenRowid = Math.max(0, await store.accounts.cursor(claim.id));
    return { lastSeenMs: answered, lastSeenRowid, updatedAt: this.#startedAt, failureRetries: {} };
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

  /** Keeps the cursor as it is now, once the disk has what it tells of. */
  #save(): Promise<void> {
    this.#saving?.();
    this.#saving = undefined;
    const { clock, log, store } = this.deps;
    const cursor = this.#cursor;
    if (!cursor) return this.#saved;
    const live = this.#isDrained && !this.deps.rows.misses() ? this.#live : undefined;
    cursor.lastSeenMs = Math.max(cursor.lastSeenMs, live?.ms ?? 0);
    cursor.lastSeenRowid = Math.max(cursor.lastSeenRowid, live?.rowId ?? 0);
    cursor.updatedAt = clock.now();
    const kept = structuredClone(cursor);
    const keep = async (): Promise<void> => {
      try {
        await store.toDisk();
        writeCursor(this.path, kept);
      } catch (error) {
        log.error(`imessage catchup: the cursor cannot be stored: ${messageOf(error)}`);
      }
    };
    this.#saved = this.#saved.then(keep);
    return this.#saved;
  }
}
