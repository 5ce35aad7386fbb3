import { frame } from "./frame.js";

type Fields = Record<string, unknown>;

/** One line of a recording. */
interface Recorded {
  to: "imsg" | "gateway";
  frame: Fields;
}

/**
 * Plays `imsg rpc` from a recording of `tapback doctor --live --record` (behaviour 13.2). A request is answered as the next
 * recorded one of its method was, with the rows that came before and after it; times are not kept. What was not recorded is
 * answered as by a Mac that holds nothing else.
 */
export class Replay {
  readonly #head: Fields;
  readonly #frames: Recorded[];
  /** The next frame that was not played. */
  #next = 0;
  /** Rows that came, the newest last. */
  readonly #rows: Fields[] = [];
  #isSubscribed = false;

  /** @param text JSON Lines @throws Error when it is no such recording */
  constructor(text: string) {
    const [head, ...frames] = text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line) as Fields);
    if (head?.format !== "tapback-live" || head.version !== 1)
      throw new Error("this is no recording of tapback doctor --live (format tapback-live, version 1)");
    this.#head = head;
    this.#frames = frames as unknown as Recorded[];
  }

  /** @returns the lines that answer a request line, in order */
  answer(line: string): string[] {
    const { id, method, params } = JSON.parse(line) as Fields;
    const at = this.#frames.findIndex(
      ({ to, frame: said }, index) => index >= this.#next && to === "imsg" && said.method === method,
    );
    if (at < 0)
      return [this.#unrecorded(id, String(method), (params ?? {}) as Fields), ...this.#rowsUntil(this.#next)];
    const before = this.#rowsUntil(at);
    const asked = this.#frames[at]!.frame.id;
    this.#next = at + 1;
    const isAnswer = ({ to, frame: said }: Recorded) =>
      to === "gateway" && said.id === asked && said.method === undefined;
    const answered = this.#frames.findIndex((recorded, index) => index > at && isAnswer(recorded));
    // A request that was never answered is not answered here either.
    if (answered < 0) return [...before, ...this.#rowsUntil(this.#end())];
    const rows = this.#rowsUntil(answered);
    const { result, error } = this.#frames[answered]!.frame;
    this.#next = answered + 1;
    const told = frame({ id, ...(error === undefined ? { result } : { error }) });
    return [...before, ...rows, told, ...this.#rowsUntil(this.#end())];
  }

  /** Where the next recorded request stands. */
  #end(): number {
    const next = this.#frames.findIndex(({ to }, index) => index >= this.#next && to === "imsg");
    return next < 0 ? this.#frames.length : next;
  }

  /** Rows up to a frame, exclusive. */
  #rowsUntil(end: number): string[] {
    const lines: string[] = [];
    for (; this.#next < end; this.#next += 1) {
      const { to, frame: said } = this.#frames[this.#next]!;
      if (to !== "gateway" || said.method !== "message") continue;
      const given = said.params as Fields;
      this.#rows.push(given.message as Fields);
      if (this.#isSubscribed) lines.push(frame({ method: "message", params: { ...given, subscription: 1 } }));
    }
    return lines;
  }

  #unrecorded(id: unknown, method: string, params: Fields): string {
    const { privateApi, methods, imsg } = this.#head as { privateApi?: Fields | null } & Fields;
    const ready = privateApi?.available === true;
    switch (method) {
      case "watch.subscribe":
        this.#isSubscribed = true;
        return frame({ id, result: { subscription: 1 } });
      case "watch.unsubscribe":
        return frame({ id, result: { ok: true } });
      case "chats.list":
        return frame({ id, result: { chats: [] } });
      case "messages.history": {
        const messages = this.#rows.filter(({ chat_id }) => chat_id === params.chat_id).reverse();
        return frame({ id, result: { messages } });
      }
      case "status":
        return frame({
          id,
          result: {
            version: imsg,
            supported_methods: methods,
            bridge: { ready, v2_ready: ready, selectors: privateApi?.selectors ?? {} },
          },
        });
      default:
        return frame({ id, error: { code: -32601, message: "Method not found", data: method } });
    }
  }
}
