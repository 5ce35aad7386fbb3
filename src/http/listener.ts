import type { Clock } from "../platform/index.js";
import type { OpenPort } from "./serve.js";
import type { Answer, Site } from "./site.js";

/** Who answers below a prefix, until it ends. */
interface Served {
  answer: Answer;
  ends: AbortController;
}

/** One address, and who answers there. */
export class Listener {
  #open: OpenPort | undefined;
  /** By prefix. */
  readonly #served = new Map<string, Served>();

  constructor(
    private readonly place: Pick<Site, "host" | "port">,
    private readonly clock: Clock,
  ) {}

  /** The port while it is open. */
  get port(): number | undefined {
    return this.#open?.port;
  }

  /**
   * Serves these sites and no others: what is under way at another one ends, whoever else is served here. The server and sites are
   * loaded when they are first needed. @throws `PORT_TAKEN`, `LISTEN_FAILED`
   */
  async serve(sites: Site[]): Promise<void> {
    const wanted = new Set(sites.map(({ prefix }) => prefix));
    for (const prefix of this.#served.keys()) if (!wanted.has(prefix)) this.#end(prefix);
    for (const { prefix, load } of sites) {
      if (this.#served.has(prefix)) continue;
      const ends = new AbortController();
      this.#served.set(prefix, { answer: await load(ends.signal), ends });
    }
    if (this.#open) return;
    const { host, port } = this.place;
    const { listen } = await import("./serve.js");
    this.#open = await listen(host, port, (pathname) => this.#answer(pathname), this.clock);
  }

  /** Ends what is under way, and gives the port back. */
  async close(): Promise<void> {
    for (const { ends } of this.#served.values()) ends.abort();
    await this.#open?.close();
    this.#open = undefined;
  }

  #end(prefix: string): void {
    this.#served.get(prefix)?.ends.abort();
    this.#served.delete(prefix);
  }

  #answer(pathname: string): Answer | undefined {
    const [prefix] = [...this.#served.keys()]
      .filter((each) => pathname.startsWith(each))
      .sort((one, other) => other.length - one.length);
    return prefix === undefined ? undefined : this.#served.get(prefix)?.answer;
  }
}
