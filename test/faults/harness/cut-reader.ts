import { request } from "node:http";
import { createParser } from "eventsource-parser";
import type { Random } from "./random.js";
import { until } from "./wait.js";

/** What one reader was told: an event of the log, by its id. */
export interface Told {
  id: number;
  type: string;
}

/** Fewer bytes than the first frames have, so that cuts which are left at the end need no more events. */
const leastBytes = 60;

/**
 * A program that follows the events over the API and is cut off again and again, at a byte that a seed decides: between frames, in the
 * middle of one, of its id or of a letter. It comes back with the last id that it read whole. A published parser reads the frames.
 */
export class CutReader {
  readonly told: Told[] = [];
  /** What must not come. */
  readonly oddities: string[] = [];
  /** Messages that others wrote. */
  incoming = 0;
  cuts = 0;
  /** Of them, so many within a frame. */
  cutWithin = 0;
  lastId: number | undefined;
  #bytes = 0;
  #isOver = false;
  #isWhole = false;

  /** @param wish `tells`: so many events it will be told, about */
  constructor(
    private readonly random: Random,
    private readonly wish: { url: string; token: string; mostCuts: number; tells: number },
  ) {}

  /** Reads until it is ended. @param isUp whether there is a gateway to ask */
  async run(isUp: () => boolean): Promise<void> {
    while (!this.#isOver) {
      await until(
        () => this.#isOver || isUp(),
        () => "there is no gateway",
      );
      await this.#connect(this.#budget());
    }
  }

  /** No event will come any more: cuts that are left fall within the first frame of a connection, as a later byte might never come. */
  allIsWritten(): void {
    this.#isWhole = true;
    if (this.cuts < this.wish.mostCuts) this.#close();
  }

  /** No other connection is made. */
  end(): void {
    this.#isOver = true;
    this.#close();
  }

  #close = () => {};

  /** After how many bytes it is cut off, so that its cuts are spread over all that it will read. */
  #budget(): number {
    const { mostCuts, tells } = this.wish;
    if (this.cuts >= mostCuts) return Number.POSITIVE_INFINITY;
    const each = this.told.length === 0 ? 500 : this.#bytes / this.told.length;
    const left = this.#isWhole ? 0 : Math.max(0, tells - this.told.length) * each;
    return this.random.between(1, leastBytes + Math.floor((2 * 0.8 * left) / (mostCuts - this.cuts)));
  }

  #connect(budget: number): Promise<void> {
    const { url, token } = this.wish;
    const parser = createParser({ onEvent: ({ id, event, data }) => this.#take(id, event, data) });
    const text = new TextDecoder();
    let left = budget;
    let last = 0;
    return new Promise((resolve) => {
      const asked = request(url, {
        headers: {
          Authorization: `Bearer ${token}`,
          ...(this.lastId !== undefined && { "Last-Event-ID": String(this.lastId) }),
        },
      });
      this.#close = () => asked.destroy();
      asked.on("response", (response) => {
        // Streams that were cut off a moment ago may count still.
        if (response.statusCode === 429) return asked.destroy();
        if (response.statusCode !== 200) this.oddities.push(`answered ${response.statusCode}`);
        response.on("data", (chunk: Buffer) => {
          if (left <= 0) return;
          const read = chunk.subarray(0, Math.min(chunk.length, left));
          left -= read.length;
          this.#bytes += read.length;
          last = read.at(-1) ?? last;
          parser.feed(text.decode(read, { stream: true }));
          if (left > 0) return;
          this.cuts += 1;
          if (last !== 10) this.cutWithin += 1;
          asked.destroy();
        });
        response.on("error", () => {});
      });
      asked.on("error", () => {});
      asked.on("close", () => setImmediate(resolve));
      asked.end();
    });
  }

  #take(id: string | undefined, event: string | undefined, data: string): void {
    const told = JSON.parse(data) as Told & { data: { fromMe?: boolean } };
    if (String(told.id) !== id || told.type !== event) this.oddities.push(`${id} ${event}: ${data}`);
    if (event !== "cursor") this.told.push({ id: told.id, type: told.type });
    if (event === "message" && !told.data.fromMe) this.incoming += 1;
    this.lastId = told.id;
  }
}
