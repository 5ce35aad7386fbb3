import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { MessageRow } from "../conversation/index.js";
import type { AccountEvent, DecisionEvent, MessageEvent, Occasion, SentEvent, TurnEvent } from "./events.js";

/** Messages and turns whose spans are open, or may get another; of more, the oldest are let go. */
const mostKept = 10_000;

type Told<Event> = Event & Occasion;

/** A message on its way: its span, and since when it is in its present stage. */
interface Way {
  span: Span;
  since: number;
}

/**
 * A trace of each message that others wrote, a span for each stage: decided, waiting, turn, each send (behaviour 20.6). Spans have ids and codes,
 * no texts and no addresses. Times are handed over as dates: a number from before the start of the process would be taken for
 * one since that start.
 */
export class Traces {
  readonly #messages = new Map<string, Way>();
  readonly #turns = new Map<string, Span>();

  constructor(private readonly tracer: Tracer) {}

  /** Begins or ends what happened as a span. */
  heard(event: AccountEvent & Occasion): void {
    if (event.type === "message") this.#arrived(event);
    else if (event.type === "decision") this.#decided(event);
    else if (event.type === "turn" && event.state === "started") this.#began(event);
    else if (event.type === "turn") this.#ended(event);
    else if (event.type === "sent") this.#sent(event);
  }

  /** Ends what is open: nothing more is told. */
  close(): void {
    for (const { span } of this.#messages.values()) span.end();
    for (const span of this.#turns.values()) span.end();
    this.#messages.clear();
    this.#turns.clear();
  }

  #arrived({ account, message, arrival, at }: Told<MessageEvent>): void {
    const key = keyOf(account, message);
    if (message.fromMe || this.#messages.has(key)) return;
    const span = this.tracer.startSpan(
      "tapback.message",
      {
        kind: SpanKind.CONSUMER,
        startTime: new Date(at),
        attributes: {
          "messaging.system": "imessage",
          ...(message.guid && { "messaging.message.id": message.guid }),
          "tapback.account": account,
          "tapback.arrival": arrival,
          "tapback.chat.id": message.chat.id,
          "tapback.row": message.rowId,
          "tapback.delay_ms": at - message.sentAt,
        },
      },
      ROOT_CONTEXT,
    );
    keep(this.#messages, key, { span, since: at }, (way) => way.span.end(new Date(at)));
  }

  #decided({ account, message, decision, at }: Told<DecisionEvent>): void {
    const key = keyOf(account, message);
    const way = this.#messages.get(key);
    if (!way) return;
    const reason = "reason" in decision && { "tapback.reason": decision.reason };
    this.#stage("tapback.decide", way, at, { "tapback.decision": decision.kind, ...reason });
    if (decision.kind === "dispatch") return;
    this.#messages.delete(key);
    way.span.end(new Date(at));
  }

  #began({ account, turnId, agentId, attempt, messages, at }: Told<TurnEvent>): void {
    const ways = messages.map((guid) => this.#messages.get(`${account} ${guid}`)).filter((way) => !!way);
    for (const way of ways) this.#stage("tapback.wait", way, at, {});
    const [first, ...others] = ways;
    const span = this.tracer.startSpan(
      "tapback.turn",
      {
        startTime: new Date(at),
        links: others.map(({ span }) => ({ context: span.spanContext() })),
        attributes: {
          "tapback.account": account,
          "tapback.turn": turnId,
          "tapback.agent": agentId,
          "tapback.attempt": attempt,
        },
      },
      first ? within(first.span) : ROOT_CONTEXT,
    );
    keep(this.#turns, `${account} ${turnId}`, span, (oldest) => oldest.end(new Date(at)));
  }

  /** Its sends may come after it, so it stays known. */
  #ended({ account, turnId, messages, state, error, at }: Told<TurnEvent>): void {
    const span = this.#turns.get(`${account} ${turnId}`);
    span?.setAttribute("tapback.outcome", state);
    if (span) failed(span, error);
    span?.end(new Date(at));
    for (const guid of messages) {
      const key = `${account} ${guid}`;
      this.#messages.get(key)?.span.end(new Date(at));
      this.#messages.delete(key);
    }
  }

  #sent({ account, id, queuedAt, origin, state, turnId, guid, error, at }: Told<SentEvent>): void {
    const turn = turnId === undefined ? undefined : this.#turns.get(`${account} ${turnId}`);
    const attributes = {
      "messaging.system": "imessage",
      ...(guid && { "messaging.message.id": guid }),
      "tapback.account": account,
      "tapback.outbox": id,
      "tapback.origin": origin,
      "tapback.outcome": state,
    };
    const span = this.tracer.startSpan(
      "tapback.send",
      { kind: SpanKind.PRODUCER, startTime: new Date(queuedAt), attributes },
      turn ? within(turn) : ROOT_CONTEXT,
    );
    failed(span, error);
    span.end(new Date(at));
  }

  /** What a message did since its last stage. */
  #stage(name: string, way: Way, at: number, attributes: Attributes): void {
    this.tracer
      .startSpan(name, { startTime: new Date(way.since), attributes }, within(way.span))
      .end(new Date(at));
    way.since = at;
  }
}

/** A row without a GUID is known by its number. */
function keyOf(account: string, { guid, rowId }: MessageRow): string {
  return `${account} ${guid || rowId}`;
}

function within(span: Span): Context {
  return trace.setSpan(ROOT_CONTEXT, span);
}

/** The code alone: the message of an error may repeat what was written. */
function failed(span: Span, error: { code: string } | undefined): void {
  if (!error) return;
  span.setAttribute("error.type", error.code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** @param letGo gets the oldest one when there are too many */
function keep<Kept>(all: Map<string, Kept>, key: string, one: Kept, letGo: (oldest: Kept) => void): void {
  all.set(key, one);
  if (all.size <= mostKept) return;
  const [oldest, kept] = all.entries().next().value!;
  all.delete(oldest);
  letGo(kept);
}
