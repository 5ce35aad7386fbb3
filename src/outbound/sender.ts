import { setMaxListeners } from "node:events";
import type { Bridge, BridgeError } from "../bridge/index.js";
import {
  type Clock,
  crashPoint,
  deadlineSleep,
  type ErrorCode,
  type Log,
  longestWaitMs,
  messageOf,
  type Result,
  type StopTimer,
  TapbackError,
  WakeLatch,
} from "../platform/index.js";
import type { Claim, OutboxItem, SendOutcome, Store, TakenItem } from "../store/index.js";
import { checkRecipient } from "./firewall.js";
import { refuseUnmannerly } from "./manners.js";
import { begunOver } from "./new-conversation.js";
import { type HoldBack, Pacing } from "./pacing.js";
import { withReader } from "./reader.js";
import { reconcile } from "./reconcile.js";
import { refuseRenumbered } from "./renumbered.js";
import { pauseAfter } from "./retry-pauses.js";
import { actInDoubt, sendOtherwise } from "./send-otherwise.js";
import { asSure, type Cause, expired, inDoubt, isNews, stoppedOnItsWay, withCause } from "./send-outcomes.js";
import { requestOf, whatGoes, withHint } from "./send-request.js";
import type { SenderSettings } from "./sender-settings.js";
import { askAfter, goesUntracked, isGivenUp, isInMessages, isTracked, mayBeTracked } from "./tracked.js";

/** Sends under way at once: enough to keep a serial child busy, few enough to be looked up after a crash. */
const maxUnderWay = 32;
/** While others are under way, what falls due within this is taken together, milliseconds: taking waits for the disk. */
const gatherMs = 10;
/** An accepted send whose row was not seen is looked up so often before it is reported as unknown; */
const acceptedLookups = 5;
/** one under a GUID of ours for the 150 s and more in which Messages may still write it (protocol reference 16.3), */
const trackedLookups = 60;
/** and the first time at once: mostly its row is there then. */
const firstLookupMs = 250;

/** The sender's waits, milliseconds. */
export interface SenderTimes {
  /** A send in doubt is looked up no sooner than this after whoever carried it out was done with it. */
  graceMs: number;
  /** Between look-ups of an accepted send. */
  lookupMs: number;
  /** First pause between two tries of a send (`retry-pauses.ts`), and the wait after a failed write. */
  retryMs: number;
}

/** The times of the product; Messages stores a row within 2 s (protocol reference 3.5). */
export const senderTimes: SenderTimes = { graceMs: 2000, lookupMs: 3000, retryMs: 1000 };

export interface SenderDeps {
  store: Store;
  bridge: Bridge;
  claim: Claim;
  clock: Clock;
  log: Log;
  /** 0 to 1. */
  random: () => number;
  rules: SendRules;
  listener: SendListener;
}

/** What holds for a send at the moment when it goes out. */
export interface SendRules {
  /** The settings of the account, asked for each send, so that a change is live. */
  settings(): SenderSettings;
  /** Where the file of an item lies, ready to go out; the error where it may not. */
  fileOf(item: OutboxItem): Promise<Result<string, { code: ErrorCode; message: string }>>;
}

/** Hears what becomes of sends. */
export interface SendListener {
  /** Told of each send that ended, for health and reports. */
  settled(item: OutboxItem, outcome: SendOutcome): void;
  /** Told of each send that has to wait for its turn (behaviour 10.5). */
  held(item: OutboxItem, held: HoldBack): void;
}

/**
 * Sends what the outbox of one account holds: in order per chat, each item once. An item is `sending` on the disk
 * before the bridge hears of it, so a crash leaves doubt, never a repeat; doubt is settled by looking at the chat.
 */
export class Sender {
  readonly #stop = new AbortController();
  readonly #work = new Set<Promise<void>>();
  #sending = 0;
  #takenAt = 0;
  #unwatch = () => {};
  #stopTimer: StopTimer = () => {};
  readonly #latch = new WakeLatch(() => this.#pump());

  readonly #times: SenderTimes;
  readonly #pacing: Pacing;

  constructor(
    private readonly deps: SenderDeps,
    times: SenderTimes = senderTimes,
  ) {
    this.#times = times;
    this.#pacing = new Pacing(deps.store, (limit) => deps.bridge.chats(limit));
    // Each send that waits for its row listens; twenty files of one answer are no leak.
    setMaxListeners(0, this.#stop.signal);
  }

  /** Takes up what an earlier run left in doubt, then sends what is due whenever the bridge is live. */
  async start(): Promise<void> {
    for (const taken of await this.deps.store.outbox.reconcilable(this.deps.claim))
      this.#run(this.#settleDoubt(taken));
    for (const taken of await this.deps.store.outbox.accepted(this.deps.claim.id))
      this.#run(this.#awaitRow(taken));
    if (this.#stop.signal.aborted) return;
    this.#unwatch = this.deps.store.watch("outbox", () => this.wake(), this.deps.claim.id);
    this.wake();
  }

  /** Something may be due: called for new items, and when the bridge comes to life. */
  wake(): void {
    if (!this.#stop.signal.aborted) this.#latch.wake();
  }

  /** Takes nothing new, and waits for what is under way as long as the signal allows. */
  async stop(): Promise<void> {
    this.#unwatch();
    this.#stopTimer();
    this.#stop.abort();
    // It may be about to take what is due, which is work then.
    await this.#latch.underWay;
    await Promise.allSettled([...this.#work]);
  }

  async #pump(): Promise<void> {
    const { store, bridge, claim, clock, log } = this.deps;
    this.#stopTimer();
    try {
      while (bridge.state === "live" && !this.#stop.signal.aborted) {
        const room = maxUnderWay - this.#sending;
        if (room <= 0) return;
        const now = clock.now();
        if (this.#sending > 0 && now < this.#takenAt + gatherMs) return this.#wakeIn(gatherMs);
        const due = await store.outbox.nextDue(claim.id, now);
        if (due === undefined || this.#stop.signal.aborted) return;
        if (due > now) return this.#wakeIn(due - now);
        this.#takenAt = now;
        const settings = this.deps.rules.settings();
        const tracks = (item: OutboxItem) => mayBeTracked(item, bridge, settings);
        const taken = await store.outbox.take(claim, room, now, tracks);
        if (taken.length > 0) crashPoint("outbox.taken");
        for (const next of taken) {
          this.#sending++;
          this.#run(this.#send(next).finally(() => this.#sending--));
        }
        if (taken.length === 0) return this.#wakeIn(this.#times.retryMs);
      }
    } catch (error) {
      log.error("the outbox cannot be read", { error: messageOf(error) });
      this.#wakeIn(this.#times.retryMs);
    }
  }

  #wakeIn(ms: number): void {
    this.#stopTimer();
    if (this.#stop.signal.aborted) return;
    this.#stopTimer = this.deps.clock.after(Math.min(Math.max(ms, 10), longestWaitMs), () => this.wake());
  }

  #run(work: Promise<void>): void {
    const tracked = work
      .catch((error) => {
        this.deps.log.error("a send could not be recorded; it is looked up at the next start", {
          error: messageOf(error),
        });
      })
      .finally(() => {
        this.#work.delete(tracked);
        this.wake();
      });
    this.#work.add(tracked);
  }

  async #send(taken: TakenItem): Promise<void> {
    const { item } = taken;
    const { bridge, clock, store } = this.deps;
    const settings = this.deps.rules.settings();
    // An earlier try may have arrived meanwhile.
    const arrived =
      item.inDoubt && (isTracked(item) || item.stopped)
        ? await this.#look(item).catch(() => undefined)
        : undefined;
    if (arrived?.state === "stored") return this.#settle(taken, arrived);
    if (item.stopped) return this.#settle(taken, stoppedOnItsWay);
    const refused = await this.#refusal(item, settings);
    if (refused instanceof TapbackError) return this.#tryLater(taken, refused);
    if (refused) return this.#settle(taken, { state: "not_sent", error: refused });
    if (clock.now() - item.createdAt > settings.ttlMs)
      return this.#settle(taken, expired(settings.ttlMs, item.error));
    const held = await this.#pacing.heldBack(item, settings.pace, clock.now());
    if (held) return this.#hold(taken, held);
    // The file may have been replaced since its turn named it.
    const goes = await whatGoes(item, this.deps.rules.fileOf);
    if (goes instanceof TapbackError) return this.#tryLater(taken, goes);
    if (!goes.ok) return this.#settle(taken, { state: "not_sent", error: goes.error });
    const done = await sendOtherwise(item, bridge);
    if (done) crashPoint("outbox.sent");
    if (done === "doubt") return this.#settleDoubt(taken);
    if (done instanceof TapbackError) return this.#tryLater(taken, done);
    if (done) return this.#settle(taken, done);
    const chats = (limit: number) => bridge.chats(limit);
    const target = await begunOver(item.target, settings.service, chats).catch(ourFailure);
    if (target instanceof TapbackError) return this.#tryLater(taken, target);
    const result = await bridge.send({ ...requestOf(goes.value, settings), target });
    crashPoint("outbox.sent");
    if (!result.ok) return this.#failed(taken, result.error);
    if (item.attemptId !== undefined) return this.#accepted(taken);
    const { guid, rowId } = result.value;
    // imsg 0.9 may name the chat's previous message (protocol reference 3.5): a GUID that is known already proves nothing.
    const isNew = rowId !== undefined || (guid && !(await store.journal.findByGuid(guid, item.account)));
    if (isNew) {
      return this.#settle(taken, {
        state: "stored",
        ...(guid && { guid }),
        rowId,
      });
    }
    await this.#accepted(taken);
  }

  /** @returns the refusal; an error when Messages could not be asked who reads there */
  async #refusal(item: OutboxItem, settings: SenderSettings): Promise<Cause | TapbackError | undefined> {
    const { bridge, store } = this.deps;
    const chats = (limit: number) => bridge.chats(limit);
    try {
      const known = await withReader(item, store, chats);
      if (!known.ok) return known.error;
      const refused =
        (await checkRecipient(known.value, store, settings)) ??
        (await refuseRenumbered(item, store, chats, settings.seenAs));
      return refused ?? (await refuseUnmannerly(known.value, store, settings, bridge));
    } catch (error) {
      if (error instanceof TapbackError) return error;
      return new TapbackError("STORE_UNAVAILABLE", messageOf(error), { cause: error });
    }
  }

  /** Messages has it, and its row is to come; it is never repeated. */
  async #accepted(taken: TakenItem, cause?: Cause): Promise<void> {
    const { attemptId } = taken.item;
    await this.#settle(taken, { state: "accepted", ...(attemptId !== undefined && { guid: attemptId }) });
    crashPoint("outbox.accepted");
    // Not awaited: the chat goes on, and so does this worker.
    const item = { ...taken.item, acceptedAt: this.deps.clock.now() };
    this.#run(this.#awaitRow({ ...taken, item }, cause));
  }

  /** Puts an item back to wait for its turn; what is behind it in the chat waits with it. */
  async #hold(taken: TakenItem, held: HoldBack): Promise<void> {
    const { store, clock, log, listener } = this.deps;
    const error = { code: "PACED" as const, message: held.detail };
    const waits = { state: "retry" as const, dueAt: held.until, error };
    const is = await store.outbox.settle(taken.claim, waits, clock.now());
    if (is === "stopped") return;
    log.debug(`send ${held.detail}`, { item: taken.item.id, chat: taken.item.chatKey });
    listener.held(taken.item, held);
  }

  #failed(taken: TakenItem, failure: BridgeError): Promise<void> {
    const error = { code: failure.code, message: withHint(failure) };
    // Looked up now it would not be there, and a repeat would double it (protocol reference 2.2).
    if (failure.code === "STILL_IN_FLIGHT") return this.#accepted(taken, error);
    if (failure.disposition === "unknown")
      return isTracked(taken.item) && isInMessages(failure)
        ? this.#accepted(taken, error)
        : this.#settleDoubt(taken, error);
    // Its helper is gone, and with it what would tell whether the earlier try was taken: the chat does not wait for that.
    if (isGivenUp(taken.item, failure)) return this.#accepted(taken, error);
    if (goesUntracked(taken.item, failure))
      return this.#settle(taken, { state: "retry", dueAt: this.deps.clock.now(), error, untracked: true });
    if (!failure.retryable && !taken.item.inDoubt) return this.#settle(taken, { state: "not_sent", error });
    return this.#tryLater(taken, failure);
  }

  /** Puts an item back that was surely not sent, to be tried again. */
  #tryLater(taken: TakenItem, failure: TapbackError): Promise<void> {
    const error = { code: failure.code, message: withHint(failure) };
    const dueAt = failure.code === "CHILD_DOWN" ? this.#onceChildIsBack() : this.#nextTry(taken);
    return this.#settle(taken, { state: "retry", dueAt, error });
  }

  /** At once when there is a child again. One that is being ended counts as live until it is gone, and takes nothing any more. */
  #onceChildIsBack(): number {
    const { bridge, clock } = this.deps;
    return bridge.state === "live" ? clock.now() + this.#times.retryMs : clock.now();
  }

  #nextTry({ item }: TakenItem): number {
    const { clock, random } = this.deps;
    return clock.now() + pauseAfter(item.attempts, this.#times.retryMs, random());
  }

  /**
   * The outcome is not known: looks for the row once the bridge answers, and repeats only what is surely not there.
   * @param cause the failure that left the doubt; absent where the next try needs no pause: the process died, or it is another way
   */
  async #settleDoubt(taken: TakenItem, cause?: Cause): Promise<void> {
    const { bridge, clock, log } = this.deps;
    // What handed it to Messages is gone by now, but Messages may have it on its desk still.
    if (!(await deadlineSleep(clock, this.#times.graceMs, this.#stop.signal))) return;
    for (;;) {
      const waits = !isTracked(taken.item) && (await this.#hasTwinInDoubt(taken.item));
      if (bridge.state === "live" && !waits) {
        try {
          const dueAt = cause ? this.#nextTry(taken) : clock.now();
          const outcome = withCause(await this.#look(taken.item, dueAt), cause);
          crashPoint("outbox.reconciled");
          return await this.#settle(taken, outcome);
        } catch (error) {
          log.debug("the history cannot be read yet", { item: taken.item.id, error: messageOf(error) });
        }
      }
      if (!(await this.deps.clock.sleep(this.#times.retryMs, this.#stop.signal))) return;
    }
  }

  /** Whether an earlier message of the chat says the same and its row is not known yet: a row could be either's. */
  async #hasTwinInDoubt({ id, account, chatKey, text }: OutboxItem): Promise<boolean> {
    return (await this.deps.store.outbox.accepted(account)).some(
      ({ item }) => item.id < id && item.chatKey === chatKey && item.text === text && !isTracked(item),
    );
  }

  /** The bridge took it and named no row: its echo confirms it, else the history does, else it is reported. */
  async #awaitRow(taken: TakenItem, cause?: Cause): Promise<void> {
    const { bridge, store, clock } = this.deps;
    // Only a look that could be taken counts: while the child is down, nothing can be seen.
    const tracked = isTracked(taken.item);
    let wait = tracked ? Math.min(firstLookupMs, this.#times.lookupMs) : this.#times.lookupMs;
    for (let looks = 0; looks < (tracked ? trackedLookups : acceptedLookups); ) {
      if (!(await deadlineSleep(clock, wait, this.#stop.signal))) return;
      wait = this.#times.lookupMs;
      const item = await store.outbox.get(taken.item.id);
      if (item?.state === "stored") {
        const { guid, rowId } = item;
        return this.deps.listener.settled(item, {
          state: "stored",
          guid,
          rowId,
        });
      }
      if (item?.state !== "sending") return;
      if (bridge.state !== "live") continue;
      const outcome = await this.#look(taken.item).catch(() => undefined);
      if (outcome?.state === "stored") return this.#settle(taken, outcome);
      if (outcome) looks++;
    }
    const message = tracked
      ? "Messages may have ended with it before it showed in the chat; it was not repeated"
      : "Messages took it, but its row was never seen in the chat";
    await this.#settle(
      taken,
      withCause({ state: "unknown", error: { code: "OUTCOME_UNKNOWN", message } }, cause),
    );
  }

  /** @param dueAt when it is repeated, if it has to be @throws what the bridge throws */
  async #look(item: OutboxItem, dueAt = this.deps.clock.now()): Promise<SendOutcome> {
    const { bridge, store } = this.deps;
    if (item.act) return actInDoubt;
    // Where it may stand is known anew where the database was replaced meanwhile.
    if (!isTracked(item)) return reconcile((await store.outbox.get(item.id)) ?? item, bridge, store, dueAt);
    return (await askAfter(item, bridge, store)) ?? inDoubt(dueAt);
  }

  async #settle(taken: TakenItem, ending: SendOutcome): Promise<void> {
    const { store, clock, log } = this.deps;
    const outcome = asSure(ending, taken.item);
    const is = await store.outbox.settle(taken.claim, outcome, clock.now());
    crashPoint("outbox.settled");
    const fields = { item: taken.item.id, chat: taken.item.chatKey, attempt: taken.item.attempts };
    if (is === "stopped") log.info("send is not tried again: somebody stopped the answer", fields);
    else if ("error" in outcome) {
      const level = outcome.state !== "retry" ? "error" : isNews(taken.item, outcome) ? "warn" : "debug";
      log[level](
        `send ${outcome.state === "retry" ? "is tried again" : outcome.state}: ${outcome.error.message}`,
        {
          ...fields,
          code: outcome.error.code,
        },
      );
    } else log.debug(`send ${outcome.state}`, fields);
    this.deps.listener.settled(taken.item, outcome);
  }
}

function ourFailure(error: unknown): TapbackError {
  if (error instanceof TapbackError) return error;
  throw error;
}
