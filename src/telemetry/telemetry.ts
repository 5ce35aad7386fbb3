import { type Log, messageOf, version } from "../platform/index.js";
import type { AccountEvent, EventListener, Occasion } from "./events.js";
import type { Metrics } from "./metrics.js";
import type { Traces } from "./traces.js";

/** Where an SDK of OpenTelemetry that runs in this process has registered itself. */
const registry = Symbol.for("opentelemetry.js.api.1");

/** Hands what happens in the accounts to whoever hears it: a program that embeds the gateway, traces, counts. */
export class Telemetry {
  #traces: Traces | undefined;
  #metrics: Metrics | undefined;

  constructor(
    private readonly log: Log,
    private readonly listener: EventListener = () => {},
  ) {}

  /** The counts, while they are kept. */
  get metrics(): Metrics | undefined {
    return this.#metrics;
  }

  /**
   * Begins with spans where an SDK of OpenTelemetry was started before in this process; nothing is loaded where there is none
   * (behaviour 20.6).
   */
  async open(): Promise<void> {
    const registered = (globalThis as Record<symbol, unknown>)[registry];
    if (typeof registered !== "object" || registered === null || !("trace" in registered)) return;
    const [{ trace }, { Traces }] = await Promise.all([import("@opentelemetry/api"), import("./traces.js")]);
    this.#traces = new Traces(trace.getTracer("tapback", version));
    this.log.info("messages are traced with OpenTelemetry");
  }

  /** Keeps counts for Prometheus from now on, or no more (behaviour 20.6). */
  async count(isWanted: boolean): Promise<void> {
    if (!isWanted) this.#metrics = undefined;
    else if (!this.#metrics) {
      const { Metrics } = await import("./metrics.js");
      this.#metrics ??= new Metrics();
    }
  }

  /** Something happened; nothing that an SDK does with it reaches the gateway. */
  tell(event: AccountEvent & Occasion): void {
    this.listener(event);
    this.#metrics?.heard(event);
    try {
      this.#traces?.heard(event);
    } catch (error) {
      // Whatever an SDK does with a span, messages go on.
      this.#traces = undefined;
      this.log.warn(`messages are traced no more: ${messageOf(error)}`);
    }
  }

  /** Ends the spans that are open. */
  close(): void {
    this.#traces?.close();
    this.#traces = undefined;
  }
}
