import { ChildRecords } from "../agents/index.js";
import { FilesInStore } from "../outbound/index.js";
import type { BlobStore, ErrandStore } from "../store/index.js";
import { TurnAccounts } from "./accounts.js";
import type { AgentPool, MakeAgent } from "./agents/pool.js";
import { type EngineDeps, TurnEngine } from "./engine.js";
import { Asking } from "./macs/asking.js";
import { RemoteMacs } from "./macs/remote-macs.js";
import type { SessionHomes } from "./running/homes.js";
import type { TurnChooser } from "./running/parts.js";
import type { McpSessions } from "./tools/mcp-sessions.js";
import { TurnFolders } from "./turn-folders.js";

/** What several processes share of a store, beside the rest. */
export interface SharedParts {
  errands: ErrandStore;
  blobs: BlobStore;
}

/** Runs turns of some agents in a process that has no account: what they need of a Mac is asked of who has it (behaviour 21.3). */
export class WorkerTurns {
  readonly agents: AgentPool;
  readonly mcp: McpSessions;
  readonly #engine: TurnEngine;
  readonly #folders: TurnFolders;
  readonly #children: ChildRecords;
  readonly #stop = new AbortController();

  /**
   * @param only the agents whose turns it takes
   * @param makeAgent makes the agents; the runtimes of the product when absent
   */
  constructor(
    deps: EngineDeps,
    { errands, blobs }: SharedParts,
    private readonly only: readonly string[],
    makeAgent?: MakeAgent,
  ) {
    const { store, clock, log, config, surroundings } = deps;
    const { stateDir } = surroundings;
    this.#children = new ChildRecords(stateDir, clock, log);
    this.#folders = new TurnFolders(stateDir, store);
    const accounts: TurnAccounts = new TurnAccounts(
      () => undefined,
      config,
      (account, ability) => macs.can(account, ability),
    );
    const macs = new RemoteMacs({
      ...{ store, log, accounts, folders: this.#folders },
      files: new FilesInStore(blobs, clock),
      asking: new Asking(store, errands, clock),
    });
    const parts = { accounts, macs, folders: this.#folders, children: this.#children };
    const choice = (homes: SessionHomes | undefined) => this.#choice(homes);
    this.#engine = new TurnEngine(deps, { ...parts, choice }, makeAgent);
    this.agents = this.#engine.agents;
    this.mcp = this.#engine.mcp;
  }

  /** Ends what an earlier process left here, then begins to take turns. */
  async start(): Promise<void> {
    await this.#folders.sweep();
    await this.#children.settle(this.#stop.signal);
    this.#engine.start();
  }

  /** Takes no new turn, lets those that run finish, and gives back what is not finished in time. @param graceMs milliseconds */
  async stop(graceMs: number): Promise<void> {
    this.#stop.abort();
    await this.#engine.stop(graceMs);
  }

  #choice(homes: SessionHomes | undefined): TurnChooser {
    const { only } = this;
    return {
      now: async () => ({ only, home: await homes?.now() }),
      withEnd: () => (homes?.isOn() ? false : { only, home: homes?.plain }),
    };
  }
}
