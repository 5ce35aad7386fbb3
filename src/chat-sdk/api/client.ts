import { createParser } from "eventsource-parser";
import {
  type Clock,
  codeFromOutside,
  type ErrorCode,
  follow,
  messageOf,
  TapbackError,
} from "../../platform/index.js";

/** An event as the API and its webhooks tell it. */
export interface ToldEvent {
  id: number;
  type: string;
  at: string;
  account: string | null;
  chat: string | null;
  data: Record<string, unknown>;
}

/** Between tries, milliseconds; the last one is that of all further ones. */
const pausesMs = [1000, 2000, 4000, 8000, 15_000];
/** What passes by itself, however long it takes: the gateway is away, its state is, or the token was used too often. */
const passes: ReadonlySet<string> = new Set<ErrorCode>([
  "API_UNREACHABLE",
  "RATE_LIMITED",
  "STORE_UNAVAILABLE",
  "STORE_FULL",
]);
/** A stream says something every 15 s; one that is silent for so long is dead, milliseconds. */
const silentMs = 45_000;

/** What a client is made of. */
export interface ClientOptions {
  url: string;
  token: string;
  clock: Clock;
  /** Ends all that is under way. */
  signal: AbortSignal;
  /** Tells whoever runs the bot of what waits for the gateway. */
  log: (what: string) => void;
}

/** The API of a gateway (behaviour 20.1). */
export class ApiClient {
  constructor(private readonly options: ClientOptions) {}

  /**
   * Asks for something, again and again while the gateway cannot be reached or says that it may be asked again: half a minute;
   * what is posted, until the signal where the gateway is away, for nobody else would post it.
   * @param post what is posted; with it comes the key under which that happens once
   * @throws a `TapbackError` with the code of the refusal; `API_UNREACHABLE`
   */
  async ask(path: string, post?: { body: object; key: string }): Promise<Record<string, unknown>> {
    const { clock, signal, log } = this.options;
    for (let failures = 0; ; failures++) {
      const answer = await this.#once(path, post).catch((error: unknown) =>
        error instanceof TapbackError ? error : unreachable(error),
      );
      if (!(answer instanceof TapbackError)) return answer;
      const isLasting = failures >= pausesMs.length;
      if (!answer.retryable || (isLasting && !(post && passes.has(answer.code)))) throw answer;
      if (post && failures === pausesMs.length)
        log(
          `what was posted is kept, and tried on every ${pauseAfter(failures) / 1000} s: ${answer.message}`,
        );
      if (!(await clock.sleep(pauseAfter(failures), signal))) throw answer;
    }
  }

  /** Fetches a file of a message. @throws a `TapbackError` with the code of the refusal */
  async file(path: string): Promise<Buffer> {
    const response = await fetch(this.#url(path), {
      headers: this.#headers(),
      signal: this.options.signal,
    }).catch((error: unknown) => Promise.reject(unreachable(error)));
    if (!response.ok) throw await refusalIn(response);
    return Buffer.from(await response.arrayBuffer());
  }

  /**
   * Follows the events behind a cursor, over cuts and restarts of the gateway; ends with the signal.
   * @param cursor undefined: from now on
   * @throws where the gateway will never tell, for the token is not good for that
   */
  async *follow(query: string, cursor: number | undefined): AsyncGenerator<ToldEvent, void> {
    const { clock, signal } = this.options;
    let last = cursor;
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        for await (const event of this.#stream(query, last)) {
          failures = 0;
          // What is left of the events before a gap follows it.
          if (event.type !== "gap") last = event.id;
          yield event;
        }
      } catch (error) {
        if (error instanceof TapbackError && !error.retryable) throw error;
      }
      await clock.sleep(pauseAfter(failures), signal);
    }
  }

  async *#stream(query: string, last: number | undefined): AsyncGenerator<ToldEvent, void> {
    const { clock, signal } = this.options;
    const dead = new AbortController();
    const unfollow = follow(dead, signal);
    let stopTimer = () => {};
    const isAlive = () => {
      stopTimer();
      stopTimer = clock.after(silentMs, () => dead.abort(), { unref: true });
    };
    try {
      isAlive();
      const response = await fetch(this.#url(`/v1/events?${query}`), {
        headers: { ...this.#headers(), ...(last !== undefined && { "Last-Event-ID": String(last) }) },
        signal: dead.signal,
      });
      if (!response.ok || !response.body) throw await refusalIn(response);
      const events: ToldEvent[] = [];
      const parser = createParser({ onEvent: ({ data }) => void events.push(JSON.parse(data) as ToldEvent) });
      const text = new TextDecoder();
      for await (const chunk of response.body) {
        isAlive();
        parser.feed(text.decode(chunk, { stream: true }));
        yield* events.splice(0);
      }
    } finally {
      stopTimer();
      unfollow();
    }
  }

  async #once(
    path: string,
    post: { body: object; key: string } | undefined,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(this.#url(path), {
      method: post ? "POST" : "GET",
      headers: {
        ...this.#headers(),
        ...(post && { "Content-Type": "application/json", "Idempotency-Key": post.key }),
      },
      ...(post && { body: JSON.stringify(post.body) }),
      signal: this.options.signal,
    });
    if (!response.ok) throw await refusalIn(response);
    return (await response.json()) as Record<string, unknown>;
  }

  #url(path: string): URL {
    return new URL(path, this.options.url);
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.options.token}` };
  }
}

function pauseAfter(failures: number): number {
  return pausesMs[Math.min(failures, pausesMs.length - 1)]!;
}

/** A problem of RFC 9457; what is none comes from something before the gateway. */
async function refusalIn(response: Response): Promise<TapbackError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { code, detail, hint } = problem;
  const retryable = response.status === 429 || response.status >= 500;
  return typeof code === "string"
    ? new TapbackError(codeFromOutside(code), String(detail ?? code), {
        retryable,
        ...(typeof hint === "string" && { hint }),
      })
    : unreachable(`it answered ${response.status}`, retryable);
}

function unreachable(why: unknown, retryable = true): TapbackError {
  return new TapbackError("API_UNREACHABLE", `the gateway's API cannot be reached: ${messageOf(why)}`, {
    retryable,
  });
}
