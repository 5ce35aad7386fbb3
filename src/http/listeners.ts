import { isIP } from "node:net";
import { type Clock, type Log, messageOf, type StopTimer, TapbackError } from "../platform/index.js";
import { Listener } from "./listener.js";
import type { Site, SiteState } from "./site.js";

/** How long after a failure it is tried again, milliseconds. */
const retryMs = 30_000;

/** What is open of one address. */
interface Place {
  listener: Listener;
  sites: Site[];
  error?: TapbackError;
  /** The failure that was told. */
  told?: string;
}

/**
 * All that the gateway serves over HTTP: one listener for each host and port that is named. None of it can keep the gateway from
 * its work: what cannot be opened is told, and tried again.
 */
export class HttpListeners {
  readonly #places = new Map<string, Place>();
  /** Changes come one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #stopRetry: StopTimer = () => {};
  #isClosed = false;

  constructor(private readonly deps: { clock: Clock; log: Log }) {}

  /** Opens, changes and closes listeners, so that exactly these sites are served; never rejects. */
  apply(sites: Site[]): Promise<void> {
    this.#isClosed = false;
    return this.#next(() => this.#change(sites));
  }

  /** How each site does. */
  get states(): SiteState[] {
    return [...this.#places.values()].flatMap(({ listener, sites, error }) =>
      sites.map(({ name, host }) => ({
        name,
        url:
          listener.port === undefined
            ? null
            : `http://${isIP(host) === 6 ? `[${host}]` : host}:${listener.port}`,
        error: error ? { code: error.code, message: error.message, hint: error.hint ?? null } : null,
      })),
    );
  }

  /** Closes everything. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#stopRetry();
    return this.#next(() => this.#change([]));
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work);
    return this.#turn;
  }

  async #change(sites: Site[]): Promise<void> {
    const wanted = new Map<string, Site[]>();
    for (const site of sites) {
      const key = `${site.host} ${site.port}`;
      wanted.set(key, [...(wanted.get(key) ?? []), site]);
    }
    const gone = [...this.#places].filter(([key]) => !wanted.has(key));
    for (const [key] of gone) this.#places.delete(key);
    await Promise.all(gone.map(([, { listener }]) => listener.close()));
    // All know what they have before one tells where that is: a site may come from another of them.
    for (const [key, sites] of wanted) {
      const { listener } = this.#places.get(key) ?? { listener: new Listener(sites[0]!, this.deps.clock) };
      this.#places.set(key, { ...this.#places.get(key), listener, sites });
    }
    for (const key of wanted.keys()) await this.#open(this.#places.get(key)!);
    this.#retryLater();
  }

  async #open(place: Place): Promise<void> {
    const { log } = this.deps;
    const { listener, sites } = place;
    const names = sites.map(({ name }) => name).join(", ");
    const wasOpen = listener.port !== undefined;
    try {
      await listener.serve(sites);
      delete place.error;
      delete place.told;
      const { url } = this.states.find(({ name }) => name === sites[0]!.name)!;
      if (!wasOpen) log.info(`${names}: listening on ${url}`, { url });
      if (!wasOpen && !isLoopback(sites[0]!.host))
        log.warn(`${names}: others on the network reach ${url}, and nothing that is said there is encrypted`);
    } catch (error) {
      place.error =
        error instanceof TapbackError ? error : new TapbackError("LISTEN_FAILED", messageOf(error));
      const { code, message } = place.error;
      if (place.told !== message) log.error(`${names}: ${message} [${code}]; all else goes on`);
      place.told = message;
    }
  }

  #retryLater(): void {
    this.#stopRetry();
    const failed = () => [...this.#places.values()].filter(({ error }) => error !== undefined);
    if (this.#isClosed || failed().length === 0) return;
    const again = async () => {
      for (const place of failed()) await this.#open(place);
      this.#retryLater();
    };
    this.#stopRetry = this.deps.clock.after(retryMs, () => void this.#next(again), { unref: true });
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
