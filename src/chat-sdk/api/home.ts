import type { Attachment, Logger } from "chat";
import { awaitWithin, messageOf, systemClock, TapbackError } from "../../platform/index.js";
import { isSecret, isSigned } from "../../webhooks/signature/index.js";
import type { Door } from "../door.js";
import type { BotParts, Home } from "../home.js";
import type { TapbackApiOptions } from "../options.js";
import { adapterName } from "../thread-id.js";
import { ApiClient, type ToldEvent } from "./client.js";
import { doorOfApi } from "./door.js";
import { Inbox } from "./inbox.js";
import { LastingState } from "./lasting-state.js";
import { type FetchFile, withFile } from "./messages.js";
import { cursorKey, Progress } from "./progress.js";

/** A webhook is answered within this time, milliseconds: its sender waits for 15 s. */
const answerMs = 10_000;
/** Most time that a start waits for the stream of events, milliseconds. */
const beginMs = 10_000;
/** As long as a webhook may be repeated, milliseconds. */
const repeatedMs = 7 * 24 * 3600_000;

/** A gateway behind its API: it tells the bot by its stream of events, or by a webhook. */
export class ApiHome implements Home {
  readonly gateway = undefined;
  readonly #clock = systemClock;
  /** Ends this run of the bot: one that is initialized again has another. */
  #stop = new AbortController();
  #client: ApiClient;
  /** Webhooks that are worked on, by their ids. */
  #taking = new Map<string, Promise<void>>();
  #parts: BotParts | undefined;
  #inbox: Inbox | undefined;
  #state: LastingState | undefined;
  #following: Promise<void> = Promise.resolve();

  constructor(private readonly options: TapbackApiOptions) {
    const { url, token, webhookSecret } = options;
    if (!URL.canParse(url) || token === "")
      throw new TapbackError("OPTIONS_INVALID", "the API of a gateway has a url and a token");
    if (webhookSecret !== undefined && !isSecret(webhookSecret))
      throw new TapbackError("OPTIONS_INVALID", "webhookSecret is whsec_ and at least 24 bytes in base64", {
        hint: "Give the `secret` of the gateway's webhook; leave it out to read the stream of events.",
      });
    this.#client = this.#clientUntil(this.#stop.signal);
  }

  async start(parts: BotParts): Promise<void> {
    this.#parts = parts;
    if (this.#stop.signal.aborted) {
      this.#stop = new AbortController();
      this.#client = this.#clientUntil(this.#stop.signal);
      this.#taking = new Map();
    }
    const { signal } = this.#stop;
    const log = parts.chat.getLogger(adapterName);
    const state = new LastingState(parts.chat.getState(), this.#clock, signal, log);
    this.#state = state;
    this.#inbox = new Inbox(parts, state, this.#fetchFile, this.#clock, signal);
    if (this.options.webhookSecret !== undefined) return;
    const inbox = this.#inbox;
    const begun = new Promise<void>((begin) => {
      this.#following = this.#follow(new Progress(state, cursorKey(this.options.url)), { inbox, log }, begin)
        .catch((error) => log.error(`events are not read any more: ${messageOf(error)}`))
        .finally(begin);
    });
    // A new bot hears what is written once it says that it runs; a gateway that is not there may come later.
    await awaitWithin(this.#clock, beginMs, begun);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  doorInto(threadId: string, keyOf: () => string): Door {
    return doorOfApi(this.#client, threadId, keyOf);
  }

  rehydrated(attachment: Attachment): Attachment {
    return withFile(attachment, this.#fetchFile);
  }

  async account(): Promise<string> {
    return this.options.account ?? "default";
  }

  /** Answered when the bot's handlers are done, or soon: what a crash cuts off before is told again. */
  async take(request: Request, background: (work: Promise<unknown>) => void): Promise<Response> {
    const { webhookSecret: secret } = this.options;
    if (secret === undefined) return new Response("There is no webhookSecret.", { status: 404 });
    const body = await request.text();
    if (!isSigned([secret], request.headers, body, this.#clock.now()))
      return new Response("The signature is not good.", { status: 401 });
    if (!this.#inbox || !this.#parts || this.#stop.signal.aborted)
      return new Response("The bot does not run.", { status: 503 });
    const work = this.#once(request.headers.get("webhook-id")!, JSON.parse(body) as ToldEvent, this.#inbox);
    const log = this.#parts.chat.getLogger(adapterName);
    const isTaken = work.then(
      () => true,
      (error: unknown) => {
        log.error(`an event was not taken: ${messageOf(error)}`);
        return false;
      },
    );
    background(isTaken);
    const soon = await awaitWithin(this.#clock, answerMs, isTaken);
    // What waits for the bot's state would be lost with the process, unless it is told again.
    const isStuck = soon === undefined && this.#state?.isFailing;
    return new Response(null, { status: soon === false || isStuck ? 503 : 204 });
  }

  readonly #fetchFile: FetchFile = (path) => this.#client.file(path);

  #clientUntil(signal: AbortSignal): ApiClient {
    const { url, token } = this.options;
    const log = (what: string) => this.#parts?.chat.getLogger(adapterName).warn(what);
    return new ApiClient({ url, token, clock: this.#clock, signal, log });
  }

  /** @param begun called when the first of the stream came */
  async #follow(
    progress: Progress,
    { inbox, log }: { inbox: Inbox; log: Logger },
    begun: () => void,
  ): Promise<void> {
    const { signal } = this.#stop;
    const isStopped = () => signal.aborted;
    // One that nothing can be made of holds up no other.
    const taken = (event: ToldEvent) =>
      inbox.take(event).catch((error: unknown) => {
        if (isStopped()) throw error;
        log.error(`an event was not taken: ${messageOf(error)}`);
      });
    for await (const event of this.#client.follow("types=message,decision", await progress.start())) {
      begun();
      if (event.type === "gap") log.warn("some messages came so long ago that their events are gone");
      else await progress.add(event.id, taken(event), isStopped);
    }
  }

  /** One that is repeated is not worked on twice, neither at a time nor later. */
  async #once(id: string, event: ToldEvent, inbox: Inbox): Promise<void> {
    const state = this.#state!;
    const taking = this.#taking;
    const { signal } = this.#stop;
    const key = `tapback:taken:${id}`;
    const work =
      taking.get(id) ??
      (async () => {
        if (await state.get(key)) return;
        await inbox.take(event);
        // What a stop cut off is not done: it is told again.
        if (signal.aborted) throw new Error("the bot was shut down meanwhile");
        await state.set(key, true, repeatedMs);
      })().finally(() => taking.delete(id));
    taking.set(id, work);
    await work;
  }
}
