import type { MessageRow } from "../../conversation/index.js";
import type { BridgeError } from "../error.js";
import { fault } from "./faults.js";
import type { Malformed } from "./parse-chat.js";
import { parseMessage } from "./parse-message.js";
import { rpcError } from "./rpc-error.js";

/** What a watch subscription reports. The callbacks must not throw. */
export interface WatchEvents {
  /** A row, in the order of the child's lines. */
  row(row: MessageRow): void;
  /** A row that does not fit the protocol; what could be read of it is in the problem. */
  malformed(problem: Malformed): void;
  /**
   * The subscription is dead; the child lives on (protocol reference 3.4). Not told after an unsubscribe or when the child ends.
   * @param resumeAfter a row before the first one that is lost, where the build says so
   */
  ended(error: BridgeError, resumeAfter?: number): void;
}

interface Notification {
  method: string;
  params: Record<string, unknown>;
}

const mostKept = 10_000;

/** Tells notifications apart by subscription, and keeps those that come before the answer that names theirs. */
export class Subscriptions {
  readonly #known = new Map<number, WatchEvents>();
  readonly #heard = new Map<number, { take(event: unknown): void; end(): void }>();
  #expected = 0;
  #kept: Notification[] = [];

  /** @param stray takes rows of subscriptions that nobody knows (any more); they are real rows all the same */
  constructor(private readonly stray: Pick<WatchEvents, "row" | "malformed">) {}

  /** A subscribe is under way: unknown subscriptions may be its own (protocol reference 12, row 3). */
  expect(): void {
    this.#expected += 1;
  }

  /** The subscribe was answered, and is known now, or failed. */
  settle(): void {
    this.#expected -= 1;
    if (this.#kept.length === 0) return;
    const kept = this.#kept;
    this.#kept = [];
    for (const { method, params } of kept) this.take(method, params);
  }

  /** Takes the rows that belong to a subscription. */
  watch(id: number, events: WatchEvents): void {
    this.#known.set(id, events);
  }

  /** Takes the events of Messages that belong to a subscription. @returns when they end */
  events(id: number, take: (event: unknown) => void): Promise<void> {
    return new Promise((end) => this.#heard.set(id, { take, end }));
  }

  /** Forgets one; what it still reports is stray (late notifications follow an unsubscribe, protocol reference 12, row 4). */
  forget(id: number): void {
    this.#known.delete(id);
  }

  /** Takes any notification; those that are none of a subscription are ignored. */
  take(method: string, params: Record<string, unknown>): void {
    const id = params.subscription as number;
    const events = this.#known.get(id);
    const isKnown = events !== undefined || this.#heard.has(id);
    if (!isKnown && this.#expected > 0 && this.#kept.length < mostKept) {
      this.#kept.push({ method, params });
    } else if (method.startsWith("bridge.")) {
      this.#takeEvent(method, params);
    } else if (method === "message") {
      const parsed = parseMessage(params.message);
      const { row, malformed } = events ?? this.stray;
      if (!parsed.ok) malformed(parsed.error);
      const reported = parsed.ok ? parsed.value : parsed.error.row;
      // Older builds report in the order of the rows, and give no cursor.
      if (reported) row({ ...reported, cursor: reported.cursor ?? reported.rowId });
    } else if ((method === "error" || method === "watch.overflow") && events !== undefined) {
      this.#known.delete(id);
      const after = params.resume_after_rowid;
      events.ended(endOf(method, params), Number.isSafeInteger(after) ? (after as number) : undefined);
    }
  }

  #takeEvent(method: string, { subscription, event }: Record<string, unknown>): void {
    const heard = this.#heard.get(subscription as number);
    if (method === "bridge.event") heard?.take(event);
    else {
      this.#heard.delete(subscription as number);
      heard?.end();
    }
  }
}

function endOf(method: string, params: Record<string, unknown>): BridgeError {
  return method === "watch.overflow" ? fault("WATCH_OVERFLOW") : rpcError(params.error);
}
