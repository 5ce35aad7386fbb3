import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { GatewayStatus } from "../health/index.js";
import { version } from "../platform/index.js";
import type { AccountEvent, Occasion } from "./events.js";

/** Upper bounds in seconds: a demo answers in hundredths of a second, a coding agent in minutes. */
const buckets = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
/** Messages and turns whose begin is remembered until their end. */
const mostKept = 10_000;

/** Counts of what happens since the start, in the text form of Prometheus (behaviour 20.6). No label names a person or a chat. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages = this.#counter("messages_total", "Rows of Messages that were journaled", [
    "account",
    "arrival",
  ]);
  readonly #decisions = this.#counter("decisions_total", "What became of rows, by reason", [
    "account",
    "decision",
    "reason",
  ]);
  readonly #turns = this.#counter("turns_total", "Turns that ended", ["account", "agent", "outcome"]);
  readonly #sends = this.#counter("sends_total", "Sends that ended", ["account", "origin", "outcome"]);
  readonly #turnSeconds = this.#histogram("turn_seconds", "From the start of a turn to its end", [
    "account",
    "agent",
  ]);
  readonly #answerSeconds = this.#histogram(
    "answer_seconds",
    "From the journal of a message to the end of the first send that answers it",
    ["account"],
  );
  readonly #connected = this.#gauge("connected", "Whether the account is connected to Messages", ["account"]);
  readonly #restarts = this.#gauge("imsg_restarts", "How often imsg was started again", ["account"]);
  readonly #stage = this.#gauge("stage_ok", "Whether a stage of health is in order", ["account", "stage"]);
  readonly #queue = this.#gauge("queue", "What waits, by queue", ["account", "queue"]);
  /** When messages came, and turns began, until they end. */
  readonly #begun = new Map<string, number>();
  /** Turns that answer, each with when the first of its messages came. */
  readonly #answering = new Map<string, number>();

  constructor() {
    this.#gauge("info", "The version that runs", ["version"]).set({ version }, 1);
    this.#process();
  }

  /** What the text of {@link text} is. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts what happened. */
  heard(event: AccountEvent & Occasion): void {
    const { account, at } = event;
    if (event.type === "message") {
      const { message, arrival } = event;
      this.#messages.inc({ account, arrival });
      if (!message.fromMe) remember(this.#begun, `${account} ${message.guid}`, at);
    } else if (event.type === "decision") {
      const { decision, message } = event;
      const reason = "reason" in decision ? decision.reason : "";
      this.#decisions.inc({ account, decision: decision.kind, reason });
      if (decision.kind !== "dispatch") this.#begun.delete(`${account} ${message.guid}`);
    } else if (event.type === "turn") {
      const { turnId, agentId: agent, state, messages } = event;
      const key = `${account} ${turnId}`;
      if (state === "started") {
        remember(this.#begun, key, at);
        const came = messages.flatMap((guid) => this.#begun.get(`${account} ${guid}`) ?? []);
        if (came.length > 0) remember(this.#answering, key, Math.min(...came));
        for (const guid of messages) this.#begun.delete(`${account} ${guid}`);
        return;
      }
      this.#turns.inc({ account, agent, outcome: state });
      const began = this.#begun.get(key);
      if (began !== undefined) this.#turnSeconds.observe({ account, agent }, seconds(at - began));
      this.#begun.delete(key);
    } else if (event.type === "sent") {
      const { origin, state, turnId } = event;
      this.#sends.inc({ account, origin, outcome: state });
      const key = `${account} ${turnId}`;
      const came = this.#answering.get(key);
      if (came !== undefined) this.#answerSeconds.observe({ account }, seconds(at - came));
      this.#answering.delete(key);
    }
  }

  /** @param status as it is now @returns what a scrape gets, of {@link contentType} */
  async text({ accounts }: GatewayStatus): Promise<string> {
    // An account that is no more, or a stage that does not apply any more, says nothing.
    for (const gauge of [this.#connected, this.#restarts, this.#stage, this.#queue]) gauge.reset();
    for (const { id: account, connected, restarts, stages, queues } of accounts) {
      this.#connected.set({ account }, Number(connected));
      this.#restarts.set({ account }, restarts);
      for (const { name: stage, ok } of stages) this.#stage.set({ account, stage }, Number(ok));
      const { outbox, ...others } = queues;
      const { held, pending, sending, unknown } = outbox;
      const waiting = { ...others, held, pending, sending, unknown };
      for (const [queue, count] of Object.entries(waiting)) this.#queue.set({ account, queue }, count);
    }
    return this.#registry.metrics();
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `tapback_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(name: string, help: string, labelNames: Label[]): Histogram<Label> {
    return new Histogram({ name: `tapback_${name}`, help, labelNames, buckets, registers: [this.#registry] });
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name: `tapback_${name}`, help, labelNames, registers: [this.#registry] });
  }

  /** Of the process, under the names that every program has for them. */
  #process(): void {
    const registers = [this.#registry];
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory",
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: "process_cpu_seconds_total",
      help: "Processor time since the start",
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1e6);
      },
    });
  }
}

function seconds(ms: number): number {
  // A clock that was set back makes no time negative.
  return Math.max(0, ms) / 1000;
}

function remember(all: Map<string, number>, key: string, at: number): void {
  all.set(key, at);
  if (all.size > mostKept) all.delete(all.keys().next().value!);
}
