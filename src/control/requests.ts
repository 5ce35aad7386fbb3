import type { Socket } from "node:net";

/** Requests of one client that are worked on at a time. */
const mostOpen = 16;
/** Bytes of answers that may wait for a client to read them before its next request is looked at. */
const mostWaiting = 1024 * 1024;

/**
 * What one client of the control socket asks, as fast as it reads the answers: one that does not read is not read from
 * either, so that it costs little memory and holds up nobody else.
 */
export class Requests {
  #waiting: string[] = [];
  #open = 0;

  /** @param answer writes its answer to the socket; never rejects */
  constructor(
    private readonly socket: Socket,
    private readonly answer: (line: string) => Promise<void>,
  ) {
    socket.on("drain", () => this.#goOn());
    socket.on("close", () => {
      this.#waiting = [];
    });
  }

  /** @param line one request */
  add(line: string): void {
    this.#waiting.push(line);
    this.#goOn();
  }

  #goOn(): void {
    const { socket } = this;
    while (this.#waiting.length > 0 && this.#open < mostOpen && socket.writableLength < mostWaiting)
      void this.#take(this.#waiting.shift()!);
    if (this.#waiting.length > 0) socket.pause();
    else if (socket.isPaused()) socket.resume();
  }

  async #take(line: string): Promise<void> {
    this.#open += 1;
    await this.answer(line);
    this.#open -= 1;
    this.#goOn();
  }
}
