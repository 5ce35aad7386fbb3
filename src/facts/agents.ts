import { knownAgents } from "../agents/index.js";
import {
  type AgentConfig,
  acpSettingsFor,
  type Config,
  defaultAgentId,
  resolveAgents,
} from "../config/index.js";
import { findProgram } from "../platform/index.js";

/** The agents of the configuration, as programs see them (behaviour 17.8). */
export function agentFacts(config: Config) {
  return resolveAgents(config).map((agent) => ({
    id: agent.id,
    name: agent.name,
    runtime: agent.runtime.type,
    model: modelOf(agent, config) ?? null,
    workspace: agent.workspace ?? null,
    default: agent.id === defaultAgentId(config),
  }));
}

/** The model that an agent is asked to use, as its runtime names it; undefined where the agent has its own. */
function modelOf({ id, model, runtime }: AgentConfig, config: Config): string | undefined {
  if (runtime.type === "llm") return runtime.model ?? model;
  return runtime.type === "acp" ? acpSettingsFor(config, id).model : undefined;
}

/** The ACP agents that are known by name, and whether each is there. */
export function knownAgentFacts(env: Readonly<Record<string, string | undefined>>) {
  return Object.entries(knownAgents).map(([name, { title, command, args, install }]) => ({
    name,
    title,
    command: [command, ...args].join(" "),
    found: findProgram(command, env) !== undefined,
    install: install ?? null,
  }));
}
