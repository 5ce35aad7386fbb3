import type { BlobStore, Claim, Errand, ErrandState, ErrandStore, Store } from "../../src/store/index.js";

type Kept = Errand & { state: ErrandState["state"]; takenBy: number; result?: unknown };

/** What a store has beside that several processes share, in memory over another one: for tests of who uses it. */
export class SharedStore {
  readonly kept = new Map<number, Kept>();
  readonly files = new Map<string, { turnId: string; parts: Uint8Array[] }>();
  readonly #listeners = new Set<() => void>();
  #ids = 0;

  /** The store as its processes see it. */
  readonly store: Store;

  constructor(private readonly under: Store) {
    this.store = {
      ...under,
      errands: this.#errands,
      blobs: this.#blobs,
      watch: (topic, listener, account) => {
        if (topic !== "errands") return under.watch(topic, listener, account);
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  get #errands(): ErrandStore {
    return {
      ask: async (claim, kind, parameters) => {
        if (!(await this.#runs(claim.id))) return "lost";
        const id = ++this.#ids;
        const { account } = (await this.under.turns.get(claim.id))!;
        const given = JSON.parse(JSON.stringify(parameters)) as unknown;
        const asked = { turnId: claim.id, fence: claim.fence, run: claim.attempt };
        const own = { id, account, ...asked, kind, parameters: given };
        this.kept.set(id, { ...own, state: "open", takenBy: 0 });
        this.tell();
        return id;
      },
      take: async (claim, max) => {
        const due = [...this.kept.values()].filter(
          ({ account, state, takenBy }) =>
            account === claim.id && (state === "open" || (state === "taken" && takenBy < claim.fence)),
        );
        for (const each of due.slice(0, max)) Object.assign(each, { state: "taken", takenBy: claim.fence });
        return due.slice(0, max);
      },
      answer: async (claim, id, result) => {
        const errand = this.kept.get(id);
        if (errand?.state !== "taken" || errand.takenBy !== claim.fence) return "lost";
        Object.assign(errand, { state: "done", result: JSON.parse(JSON.stringify(result)) });
        this.tell();
        return "ok";
      },
      withdraw: async (id) => this.kept.get(id)?.state === "open" && this.kept.delete(id),
      look: async (id) => this.kept.get(id) as ErrandState | undefined,
    };
  }

  get #blobs(): BlobStore {
    return {
      begin: async (id, turnId) => void this.files.set(id, { turnId, parts: [] }),
      add: async (id, place, bytes) => {
        this.files.get(id)!.parts[place] = Buffer.from(bytes);
      },
      part: async (id, place) => this.files.get(id)?.parts[place],
      tidy: async (which) => {
        for (const [id, { turnId }] of [...this.files])
          if ("turnId" in which && turnId === which.turnId && !(await this.#runs(turnId)))
            this.files.delete(id);
      },
    };
  }

  async #runs(turnId: Claim["id"]): Promise<boolean> {
    return (await this.under.turns.get(turnId))?.state === "running";
  }

  /** Something happened to errands. */
  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
