import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Agent, type AgentDeps, createAgent } from "../agents/index.js";
import { type AgentConfig, acpSettingsFor, type Config, expandHome, resolveAgents } from "../config/index.js";
import { TapbackError } from "../platform/index.js";

/** The agents of a configuration, each made at its first turn and kept until its settings change. */
export class AgentPool {
  readonly #agents = new Map<string, { settings: string; agent: Promise<Agent> }>();

  constructor(
    private readonly config: () => Config,
    private readonly stateDir: string,
    private readonly deps: AgentDeps,
  ) {}

  /** @throws `AGENT_UNKNOWN` when the configuration has no such agent (any more) */
  async get(agentId: string): Promise<Agent> {
    const config = this.config();
    const definition = resolveAgents(config).find(({ id }) => id === agentId);
    if (!definition)
      throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${agentId}`, {
        hint: "Add it to agents.list, or change the binding that names it.",
      });
    const runtime = runtimeOf(config, definition);
    const { providers } = config.models;
    const settings = JSON.stringify([definition, runtime, runtime.type === "llm" ? providers : undefined]);
    const known = this.#agents.get(agentId);
    if (known?.settings === settings) return known.agent;
    if (known) void known.agent.then((agent) => agent.close());
    const workspace = this.workspaceOf(agentId);
    mkdirSync(workspace, { recursive: true, mode: 0o700 });
    const agent = createAgent({ ...definition, runtime, workspace }, { ...this.deps, providers });
    this.#agents.set(agentId, { settings, agent });
    return agent;
  }

  /** The folder that an agent works in. */
  workspaceOf(agentId: string): string {
    const workspace = resolveAgents(this.config()).find(({ id }) => id === agentId)?.workspace;
    return workspace ? expandHome(workspace, this.deps.home) : join(this.stateDir, "workspaces", agentId);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#agents.values()].map(async ({ agent }) => (await agent).close()));
  }
}

/** The runtime of an agent; of an ACP agent with what the block `acp` adds (behaviour 6.4). */
function runtimeOf(config: Config, { id, runtime }: AgentConfig): AgentConfig["runtime"] {
  if (runtime.type !== "acp") return runtime;
  const { permissionTimeoutSeconds, idleSeconds, maxProcesses } = config.acp;
  const limits = { permissionTimeoutSeconds, idleSeconds, maxProcesses };
  return { type: "acp", acp: { ...acpSettingsFor(config, id), ...limits } };
}
