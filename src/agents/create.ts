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
