import { TapbackError } from "../../platform/index.js";
import type { AcpRuntime } from "../definition.js";
import type { Program } from "../process/program.js";
import { knownAgent, knownAgents } from "./registry.js";

/**
 * The program of the settings: `command` wins over the name (behaviour 6.1), which says then what the program needs in its
 * environment. @throws AGENT_UNKNOWN
 */
export function programOf({ agent, command, args, env, cwd }: AcpRuntime["acp"]): Program {
  const known = agent === undefined ? undefined : knownAgent(agent);
  const own = { env: { ...known?.env, ...env }, cwd };
  if (command !== undefined) return { command, args: args ?? [], ...own };
  if (known === undefined)
    throw new TapbackError("AGENT_UNKNOWN", `"${agent ?? ""}" is not the name of a known agent`, {
      hint: `Give its \`command\`, or one of: ${Object.keys(knownAgents).join(", ")}.`,
    });
  return { command: known.command, args: [...known.args, ...(args ?? [])], ...own };
}
