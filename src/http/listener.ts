import type { Clock } from "../platform/index.js";
import type { OpenPort } from "./serve.js";
import type { Answer, Site } from "./site.js";

/** One address, and who answers there. */
export class Listener {
  readonly #ends = new AbortController();
  #open: OpenPort | undefined;
  /** By prefix. */
  #answers = new Map<string, Answer>();

  constructor(
    private readonly place: Pick<Site, "host" | "port">,
    private readonly clock: Clock,
  ) {}

  /** The port while it is open. */
  get port(): number | undefined {
    return this.#open?.port;
  }

  /** Serves these sites and no others; the server and they are loaded when they are first needed. @throws `PORT_TAKEN`, `LISTEN_FAILED` */
  async serve(sites: Site[]): Promise<void> {
    const answers = new Map<string, Answer>();
    for (const { prefix, load } of sites)
      answers.set(prefix, this.#answers.get(prefix) ?? (await load(this.#ends.signal)));
    this.#answers = answers;
    if (this.#open) return;
    const { host, port } = this.place;
    const { listen } = await import("./serve.js");
    this.#open = await listen(host, port, (pathname) => this.#answer(pathname), this.clock);
  }

  /** Ends what is under way, and gives the port back. */
  async close(): Promise<void> {
    this.#ends.abort();
    await this.#open?.close();
    this.#open = undefined;
  }

  #answer(pathname: string): Answer | undefined {
    const [prefix] = [...this.#answers.keys()]
      .filter((each) => pathname.startsWith(each))
      .sort((one, other) => other.length - one.length);
    return prefix === undefined ? undefined : this.#answers.get(prefix);
  }
}
