import type { AgentEvent } from "./contract.js";

/**
 * Carries events from callbacks (a program's output, a connection) to the iteration of a turn. What is put in after the
 * end is dropped. Whoever fills it bounds it.
 */
export class EventQueue implements AsyncIterable<AgentEvent> {
  #waiting: AgentEvent[] = [];
  #end: { error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** Puts an event behind those that wait. */
  push(event: AgentEvent): void {
    if (this.#end !== undefined) return;
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** Nothing more comes; what waits is still given out. */
  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** The iteration throws this after what waits. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AgentEvent> {
    for (;;) {
      const ready = this.#waiting;
      this.#waiting = [];
      yield* ready;
      if (this.#waiting.length > 0) continue;
      if (this.#end !== undefined) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
  }
}
