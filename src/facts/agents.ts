import { knownAgents } from "../agents/index.js";
import { type Config, defaultAgentId, resolveAgents } from "../config/index.js";
import { findProgram } from "../platform/index.js";

/** The agents of the configuration, as programs see them (behaviour 17.8). */
export function agentFacts(config: Config) {
  return resolveAgents(config).map(({ id, name, runtime, model, workspace }) => ({
    id,
    name,
    runtime: runtime.type,
    model: (runtime.type === "llm" ? runtime.model : undefined) ?? model ?? null,
    workspace: workspace ?? null,
    default: id === defaultAgentId(config),
  }));
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
