/** What ends a process that does nothing about it, and without an `exit` event. */
const deadly = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** Ends this process by the signal that it is sent, with something done before. */
export class DeadlySignals {
  /** @param last what is done before, e.g. what Messages goes on with when imsg has ended */
  constructor(private readonly last: () => void) {}

  /** From here on `last` is done. */
  heed(): void {
    for (const signal of deadly) process.on(signal, this.#end);
  }

  /** The system ends the process from here on, also one that does not come to hear of a signal. */
  ignore(): void {
    for (const signal of deadly) process.off(signal, this.#end);
  }

  readonly #end = (signal: NodeJS.Signals): void => {
    this.last();
    this.ignore();
    process.kill(process.pid, signal);
  };
}
