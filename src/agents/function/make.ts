import { spoken } from "../answer/spoken.js";
import type { Agent } from "../contract.js";
import type { AgentDefinition, AgentDeps } from "../definition.js";
import type { FunctionAgent } from "./turn.js";

/** Makes an agent of a function; only what it says to people is heard, as of every runtime (behaviour 6.3). */
export async function functionAgent(
  answer: FunctionAgent,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "clock" | "home">,
): Promise<Agent> {
  const { createFunctionAgent } = await import("./agent.js");
  // An action in the middle of a turn waits for no file.
  await import("../tools/index.js");
  return spoken(createFunctionAgent(answer, definition, deps), definition.workspace, deps.home);
}
