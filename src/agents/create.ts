import { spoken } from "./answer/spoken.js";
import type { Agent } from "./contract.js";
import type { AgentDefinition, AgentDeps } from "./definition.js";

/**
 * Makes an agent of its definition. Only the runtime that it needs is loaded.
 * @returns an agent that has started nothing yet; time limits are the caller's, through the signal of each turn
 */
export async function createAgent(definition: AgentDefinition, deps: AgentDeps): Promise<Agent> {
  return spoken(await runtimeOf(definition, deps), definition.workspace, deps.home);
}

/**
 * Loads ahead what an agent of a definition runs on, so that its first turn need not wait for that. Nothing is started or asked.
 * @throws what {@link createAgent} throws for its settings
 */
export async function loadAgent(
  definition: Pick<AgentDefinition, "id" | "model" | "runtime">,
  deps: Pick<AgentDeps, "env" | "providers">,
): Promise<void> {
  const { runtime } = definition;
  switch (runtime.type) {
    case "demo":
      return void (await import("./demo/agent.js"));
    case "command":
      return void (await import("./command/agent.js"));
    case "http":
      return void (await import("./http/agent.js"));
    case "acp":
      return void (await import("./acp/agent.js"));
    case "channel":
      return void (await import("./channel/agent.js"));
    case "llm":
      return (await import("./llm/agent.js")).loadModels(runtime, definition, deps);
  }
}

async function runtimeOf(definition: AgentDefinition, deps: AgentDeps): Promise<Agent> {
  const { runtime } = definition;
  switch (runtime.type) {
    case "demo":
      return (await import("./demo/agent.js")).createDemoAgent(deps);
    case "command":
      return (await import("./command/agent.js")).createCommandAgent(runtime, definition, deps);
    case "http":
      return (await import("./http/agent.js")).createHttpAgent(runtime, definition, deps);
    case "acp":
      return (await import("./acp/agent.js")).createAcpAgent(runtime, definition, deps);
    case "channel":
      return (await import("./channel/agent.js")).createChannelAgent(definition, deps);
    case "llm":
      return (await import("./llm/agent.js")).createLlmAgent(runtime, definition, deps);
  }
}
