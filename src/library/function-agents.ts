import { createAgent, type FunctionAgent, functionAgent } from "../agents/index.js";
import { type Config, normalizeId } from "../config/index.js";
import { TapbackError } from "../platform/index.js";
import type { MakeAgent } from "../turns/index.js";

/** Agents as functions, by their ids. */
export type FunctionAgents = Readonly<Record<string, FunctionAgent>>;

/** A function has no settings: what stands for it in the configuration is never made. */
const runtime = { type: "demo" as const };

/** @returns the functions by their ids in normal form @throws `OPTIONS_INVALID` */
export function functionsById(agents: FunctionAgents): Map<string, FunctionAgent> {
  const byId = new Map<string, FunctionAgent>();
  for (const [id, agent] of Object.entries(agents)) {
    if (typeof agent !== "function") throw wrong(`the agent ${id} is no function`);
    if (byId.has(normalizeId(id))) throw wrong(`two agents have the id ${normalizeId(id)}`);
    byId.set(normalizeId(id), agent);
  }
  return byId;
}

function wrong(what: string): TapbackError {
  return new TapbackError("OPTIONS_INVALID", what, {
    hint: "Give each agent an id of its own, and a function.",
  });
}

/**
 * A configuration that lists the agents which are functions, so that sessions, commands and people's groups know them. Where it
 * listed nobody, the first of them answers where no binding matches.
 */
export function listingThem(config: Config, agents: FunctionAgents): Config {
  const { list } = config.agents;
  const more = unlisted(list, agents).map((id) => ({ id, sendTo: [], runtime }));
  return more.length === 0 ? config : { ...config, agents: { ...config.agents, list: [...list, ...more] } };
}

/** The same for what a configuration file would hold, before it is judged: bindings may name them. */
export function listedIn(source: object, agents: FunctionAgents): object {
  const { agents: block = {}, ...rest } = source as { agents?: { list?: unknown } | null };
  const { list = [] } = block ?? {};
  // What is odd about it is told when it is judged.
  if (block === null || typeof block !== "object" || !Array.isArray(list)) return source;
  const more = unlisted(list, agents).map((id) => ({ id, runtime }));
  return more.length === 0 ? source : { ...rest, agents: { ...block, list: [...list, ...more] } };
}

function unlisted(list: readonly unknown[], agents: FunctionAgents): string[] {
  const listed = new Set(list.map((entry) => normalizeId(String((entry as { id?: unknown } | null)?.id))));
  return Object.keys(agents).filter((id) => !listed.has(normalizeId(id)));
}

/** Makes an agent of its function where it has one, else as the configuration says. */
export function makingThem(byId: ReadonlyMap<string, FunctionAgent>): MakeAgent {
  return async (definition, deps) => {
    const agent = byId.get(definition.id);
    return agent ? functionAgent(agent, definition, deps) : createAgent(definition, deps);
  };
}
