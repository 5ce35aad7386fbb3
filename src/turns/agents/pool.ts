import { type Agent, type AgentDeps, type AgentSession, createAgent, loadAgent } from "../../agents/index.js";
import { type Config, resolveAgents, timeZoneOf } from "../../config/index.js";
import type { Store } from "../../store/index.js";
import { isGroupSession } from "../routing/session-key.js";
import type { LentAgent } from "../running/parts.js";
import { agentOfSession, type SessionAgent, type SessionPlace } from "./session-agent.js";
import { madeWorkspace, workspaceFolder } from "./workspace.js";

/** Makes an agent of its definition. */
export type MakeAgent = typeof createAgent;

/** An agent with one set of settings, and the sessions that it serves. */
interface Entry {
  agent: Promise<Agent>;
  places: Map<string, SessionPlace>;
  lent: number;
}

/**
 * The agents of a configuration, each made at its first turn and kept while a session uses it with the same settings.
 * One that no session uses any more is closed once its last turn has ended.
 */
export class AgentPool {
  /** By settings. */
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly config: () => Config,
    private readonly store: Pick<Store, "bindings">,
    private readonly stateDir: string,
    private readonly deps: Omit<AgentDeps, "zone">,
    private readonly make: MakeAgent = createAgent,
    private readonly loadAhead: typeof loadAgent = loadAgent,
  ) {}

  /**
   * Loads ahead what the agents of the configuration run on; what cannot be loaded is told by the turn that needs it.
   * @param except agents that do not run here, by id
   */
  async load(except: readonly string[] = []): Promise<void> {
    const { providers } = this.config().models;
    for (const definition of resolveAgents(this.config()).filter(({ id }) => !except.includes(id)))
      await this.loadAhead(definition, { env: this.deps.env, providers }).catch(() => {});
  }

  /**
   * Lends the agent of a session for one turn.
   * @param moved the session ran elsewhere since it ran here, or was begun anew there
   * @throws `AGENT_UNKNOWN` when the configuration has no such agent (any more)
   */
  async lend(place: SessionPlace, moved = false): Promise<LentAgent> {
    const definition = await this.#definition(place);
    const key = this.#keyOf(definition);
    await this.#leaveOthers(place, key);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { agent: this.#create(definition), places: new Map(), lent: 0 };
      this.#entries.set(key, entry);
    }
    const before = entry.places.get(place.sessionKey);
    entry.places.set(place.sessionKey, place);
    entry.lent++;
    const lent = entry;
    try {
      const agent = await entry.agent;
      // Another account became the default one, and its group has this key now: it does not inherit what was said.
      const isOthers = before && before.account !== place.account && isGroupSession(place.sessionKey);
      if (isOthers || (before && moved)) await agent.reset(place.sessionKey);
      return { agent, giveBack: () => this.#giveBack(key, lent) };
    } catch (error) {
      entry.places.clear();
      this.#giveBack(key, entry);
      throw error;
    }
  }

  /** After a change of the configuration: agents that no session would get any more are closed. */
  async refresh(): Promise<void> {
    for (const [key, entry] of [...this.#entries])
      for (const place of [...entry.places.values()])
        if (!(await this.#stillServes(key, place))) await this.#leave(key, entry, place);
  }

  /** Forgets what the runtime itself keeps of a session; its process ends. */
  async reset(sessionKey: string): Promise<void> {
    for (const { agent, places } of this.#entries.values())
      if (places.has(sessionKey)) await (await agent).reset(sessionKey);
  }

  /** What runs now for an account. */
  async sessions(account: string): Promise<AgentSession[]> {
    const all = await Promise.allSettled(
      [...this.#entries.values()].map(async ({ agent, places }) =>
        ((await agent).sessions?.() ?? []).filter(
          ({ sessionKey }) => places.get(sessionKey)?.account === account,
        ),
      ),
    );
    return all.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  }

  /** The folder in which the agent of a session works and from which it may send files, absolute. */
  workspaceOf(place: SessionPlace): string {
    const known = resolveAgents(this.config()).find(({ id }) => id === place.agentId);
    return workspaceFolder(known ?? { id: place.agentId }, this.stateDir, this.deps.home);
  }

  /** Ends the children of all agents; an agent that cannot be closed does not stop the others. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(async ({ agent }) => (await agent).close()));
  }

  async #definition(place: SessionPlace): Promise<SessionAgent> {
    return agentOfSession(this.config(), place, await this.store.bindings.settings(place.sessionKey));
  }

  #keyOf(definition: SessionAgent): string {
    const providers = definition.runtime.type === "llm" ? this.config().models.providers : undefined;
    return JSON.stringify([definition, providers, timeZoneOf(this.config())]);
  }

  async #stillServes(key: string, place: SessionPlace): Promise<boolean> {
    try {
      return this.#keyOf(await this.#definition(place)) === key;
    } catch {
      return false;
    }
  }

  #create(definition: SessionAgent): Promise<Agent> {
    const workspace = madeWorkspace(definition, this.stateDir, this.deps.home);
    const { providers } = this.config().models;
    const zone = timeZoneOf(this.config());
    return this.make({ ...definition, workspace }, { ...this.deps, zone, providers });
  }

  /** A session whose settings changed is not served by what served it before. */
  async #leaveOthers(place: SessionPlace, key: string): Promise<void> {
    for (const [other, entry] of [...this.#entries])
      if (other !== key && entry.places.has(place.sessionKey)) await this.#leave(other, entry, place);
  }

  async #leave(key: string, entry: Entry, { sessionKey }: SessionPlace): Promise<void> {
    entry.places.delete(sessionKey);
    const agent = await entry.agent.catch(() => undefined);
    // A turn that runs keeps its process until it ends: then the whole agent is closed, or its process idles out.
    const busy = agent?.sessions?.().some((session) => session.sessionKey === sessionKey && session.busy);
    if (!busy) await agent?.reset(sessionKey);
    this.#closeIfUnused(key, entry);
  }

  #giveBack(key: string, entry: Entry): void {
    entry.lent--;
    this.#closeIfUnused(key, entry);
  }

  #closeIfUnused(key: string, entry: Entry): void {
    if (entry.lent > 0 || entry.places.size > 0 || this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    void entry.agent.then((agent) => agent.close()).catch(() => {});
  }
}
