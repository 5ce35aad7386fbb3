import type { FurtherMessage, Steering } from "../../src/agents/index.js";
import { fakeMessage, fakeTurn } from "./agent-turn.js";

/** What is written during a turn that a test runs without a gateway, and what became of it. */
export class FurtherMessages implements Steering {
  readonly taken: string[] = [];
  readonly refused: string[] = [];
  /** Whether the agent takes such messages; undefined until it said so. */
  takes: boolean | undefined;
  readonly #waiting: string[] = [];
  #onMessage: (() => void) | undefined;

  listen(onMessage?: () => void): void {
    this.takes = onMessage !== undefined;
    this.#onMessage = onMessage;
    onMessage?.();
  }

  /** Somebody writes. */
  write(text: string): void {
    this.#waiting.push(text);
    this.#onMessage?.();
  }

  async next(): Promise<FurtherMessage | undefined> {
    const [text] = this.#waiting;
    if (text === undefined || !this.takes) return undefined;
    return {
      envelope: fakeTurn(text, { envelope: { messages: [fakeMessage(text)] } }).envelope,
      taken: async () => {
        this.taken.push(text);
        this.#waiting.shift();
        return true;
      },
      refused: async () => {
        this.refused.push(text);
        this.takes = false;
      },
    };
  }
}
