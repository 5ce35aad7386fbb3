import { messageOf, TapbackError } from "../../platform/index.js";

/** What is answered instead of a result. */
interface ErrorObject {
  code: number;
  message: string;
  data?: { code: string; hint?: string | undefined };
}

/** What a test said of its world is not so; the text tells what the world saw. */
export class NotSo extends Error {}

/** The call itself is wrong: there is no such method, or its parameters are no parameters of it. */
export class WrongCall extends Error {
  constructor(
    readonly code: -32601 | -32602,
    message: string,
  ) {
    super(message);
  }
}

/** Answers a call of the other side. */
export type Answer = (method: string, parameters: unknown) => Promise<unknown>;

/** One side of JSON-RPC 2.0 over lines: both sides may call, and calls may overlap. */
export class Peer {
  #lastId = 0;
  readonly #waiting = new Map<
    string | number,
    { resolve(result: unknown): void; reject(error: Error): void }
  >();

  /** @param write takes a line without its end */
  constructor(
    private readonly write: (line: string) => void,
    private readonly answer: Answer,
  ) {}

  /** Takes a line of the other side. */
  accept(line: string): void {
    if (line.trim() === "") return;
    let frame: unknown;
    try {
      frame = JSON.parse(line);
    } catch (error) {
      this.#send({ id: null, error: { code: -32700, message: `This is no JSON: ${messageOf(error)}` } });
      return;
    }
    const { id, method, params, result, error } = Object(frame) as Record<string, unknown>;
    const isId = typeof id === "string" || typeof id === "number";
    if (typeof method === "string") void this.#call(isId ? id : undefined, method, params);
    else if (isId && this.#waiting.has(id)) this.#answered(id, result, error);
    else {
      const message = "This is no request and no answer to one";
      this.#send({ id: isId ? id : null, error: { code: -32600, message } });
    }
  }

  /** Calls the other side. @throws what it answers as an error */
  ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  /** Tells the other side something. */
  tell(method: string, params: object): void {
    this.#send({ method, params });
  }

  /** Nothing is answered any more. */
  end(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("the other side has gone"));
    this.#waiting.clear();
  }

  async #call(id: string | number | undefined, method: string, parameters: unknown): Promise<void> {
    try {
      const result = await this.answer(method, parameters ?? {});
      if (id !== undefined) this.#send({ id, result: result ?? null });
    } catch (error) {
      if (id !== undefined) this.#send({ id, error: errorOf(error) });
    }
  }

  #answered(id: string | number, result: unknown, error: unknown): void {
    const waiting = this.#waiting.get(id)!;
    this.#waiting.delete(id);
    const { message } = Object(error) as { message?: unknown };
    if (error === undefined || error === null) waiting.resolve(result);
    else waiting.reject(new Error(typeof message === "string" ? message : JSON.stringify(error)));
  }

  #send(frame: object): void {
    this.write(JSON.stringify({ jsonrpc: "2.0", ...frame }));
  }
}

function errorOf(error: unknown): ErrorObject {
  if (error instanceof WrongCall) return { code: error.code, message: error.message };
  if (error instanceof NotSo) return { code: -32001, message: error.message, data: { code: "NOT_SO" } };
  if (!(error instanceof TapbackError)) return { code: -32603, message: messageOf(error) };
  return { code: -32000, message: error.message, data: { code: error.code, hint: error.hint } };
}
