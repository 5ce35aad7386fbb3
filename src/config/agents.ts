import { normalizeId } from "./ids.js";
import type { Binding, Config, RuntimeConfig } from "./schema/config.js";

type AgentEntry = Config["agents"]["list"][number];

/** One agent with the defaults applied. */
export interface AgentConfig {
  /** Normalised. */
  id: string;
  name: string;
  identity: NonNullable<AgentEntry["identity"]>;
  systemPrompt?: string;
  /** `provider/model`. */
  model?: string;
  workspace?: string;
  /** Targets to which every turn may send, as they are written (behaviour 10.3a). */
  sendTo: string[];
  /** What the account's `review` is for this agent; absent: the same (behaviour 18.1). */
  review?: "off" | "on";
  /** Where its turns run; absent: anywhere (behaviour 21.3). */
  runsOn?: "anywhere" | "workers";
  /** RE2 patterns: the agent's own, else those of `messages.groupChat`. */
  mentionPatterns: string[];
  runtime: RuntimeConfig;
  /** Time limit of one turn. */
  timeoutSeconds: number;
}

/** Settings of one ACP session. */
export type AcpSettings = NonNullable<Binding["acp"]>;

/** @returns the agents in the order of the file; the built-in `main` where none is listed */
export function resolveAgents(config: Config): AgentConfig[] {
  const { list } = config.agents;
  return (list.length > 0 ? list : [{ id: "main", sendTo: [] }]).map((entry) => resolve(config, entry));
}

/** @param id in any spelling @returns the agent, or undefined when there is none of that id */
export function resolveAgent(config: Config, id: string): AgentConfig | undefined {
  return resolveAgents(config).find((agent) => agent.id === normalizeId(id));
}

/** @returns the agent that answers where no binding matches: the one marked `default`, else the first (behaviour 5.2) */
export function defaultAgentId(config: Config): string {
  const { list } = config.agents;
  return normalizeId((list.find((entry) => entry.default) ?? list[0])?.id ?? "main");
}

/** Read once: it is asked several times a turn and costs more than the rest of it, and Node keeps the zone it began with. */
let machineZone: string | undefined;

/** @returns the zone of a time of day that a person names (behaviour 6.6a), as an IANA name */
export function timeZoneOf({ agents }: Config): string {
  machineZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return agents.defaults.userTimezone ?? machineZone;
}

/** @returns settings of an ACP session: the binding's, then the agent's, then those of `acp`; the agent's id names it when nothing else does (behaviour 6.4) */
export function acpSettingsFor(config: Config, agentId: string, binding?: Binding): AcpSettings {
  const {
    allowedAgents: _,
    permissionTimeoutSeconds: __,
    idleSeconds: ___,
    maxProcesses: ____,
    ...general
  } = config.acp;
  const runtime = resolveAgent(config, agentId)?.runtime;
  const settings: AcpSettings = { agent: normalizeId(agentId), backend: "direct", mode: "persistent" };
  for (const layer of [general, runtime?.type === "acp" ? runtime.acp : {}, binding?.acp ?? {}]) {
    // A name chosen closer by wins over a command written further out.
    if (layer.agent !== undefined && layer.command === undefined) {
      delete settings.command;
      delete settings.args;
    }
    Object.assign(
      settings,
      Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)),
    );
  }
  return settings;
}

function resolve(config: Config, entry: AgentEntry): AgentConfig {
  const { defaults } = config.agents;
  const id = normalizeId(entry.id);
  const { systemPrompt, model = defaults.model, workspace = defaults.workspace, identity = {} } = entry;
  return {
    id,
    name: entry.name ?? identity.name ?? id,
    identity,
    systemPrompt,
    model,
    workspace,
    sendTo: entry.sendTo,
    review: entry.review,
    runsOn: entry.runsOn,
    mentionPatterns: entry.groupChat?.mentionPatterns ?? config.messages.groupChat.mentionPatterns ?? [],
    runtime: entry.runtime ?? builtIn(model),
    timeoutSeconds: defaults.timeoutSeconds,
  };
}

function builtIn(model: string | undefined): RuntimeConfig {
  return model === undefined
    ? { type: "demo" }
    : { type: "llm", fallbackModels: [], contextMessages: 60, maxSteps: 12, mcpServers: {} };
}
