import type { Agent } from "./contract.js";
import type { AgentDefinition, AgentDeps } from "./definition.js";
import { withTimeLimit } from "./time-limit.js";

const defaultTimeoutSeconds = 600;

/**
 * Makes an agent of its definition. Only the runtime that it needs is loaded.
 * @returns an agent with the time limit of behaviour 6.2; nothing is started before the first turn
 */
export async function createAgent(definition: AgentDefinition, deps: AgentDeps): Promise<Agent> {
  const agent = await createRuntime(definition, deps);
  return withTimeLimit(agent, (definition.timeoutSeconds ?? defaultTimeoutSeconds) * 1000);
}

async function createRuntime(definition: AgentDefinition, deps: AgentDeps): Promise<Agent> {
  const { runtime } = definition;
  switch (runtime.type) {
    case "demo":
      return (await import("./demo/agent.js")).createDemoAgent(deps);
    case "command":
      return (await import("./command/agent.js")).createCommandAgent(runtime, definition, deps);
  }
}
