import { findProgram, isFolder, TapbackError } from "../platform/index.js";
import type { ToolsProof } from "./contract.js";
import type { AgentDefinition, AgentDeps, CommandSettings } from "./definition.js";
import { programOptions } from "./process/program.js";

/**
 * Brings an agent to the point before its first token (behaviour 6.7): an ACP agent opens a session, the endpoint of a model
 * takes the key and has the model, a web service answers; of a program per turn it is known that it may be run.
 * @param tools for ACP agents, which have the gateway's tools from a server; absent: nothing is proved of them
 * @returns what it came to, in a few words
 * @throws TapbackError why it is not ready; the signal's reason, which bounds the time of it all
 */
export async function proveAgent(
  definition: AgentDefinition,
  deps: AgentDeps,
  signal: AbortSignal,
  tools?: ToolsProof,
): Promise<string> {
  const { runtime } = definition;
  switch (runtime.type) {
    case "demo":
      return "needs nothing";
    case "channel":
      return "answered by the sessions that are attached (`tapback channel`)";
    case "command":
      return proveCommand(runtime, definition, deps);
    case "http":
      return await (await import("./http/prove.js")).proveService(runtime, signal);
    case "acp":
      return await (await import("./acp/prove.js")).proveAcp(runtime, definition, deps, signal, tools);
    case "llm":
      return await (await import("./llm/prove.js")).proveModels(runtime, definition, deps, signal);
  }
}

/** The program of a turn may do anything, so it is not started. */
function proveCommand(
  settings: CommandSettings,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home">,
): string {
  const { command, cwd, env } = programOptions(settings, definition, deps, {});
  const path = findProgram(command, env);
  if (path === undefined)
    throw new TapbackError("AGENT_NOT_FOUND", `${settings.command} is not found`, {
      hint: "Install it, or give its whole path.",
    });
  if (isFolder(cwd)) return `starts ${path}`;
  throw new TapbackError("AGENT_CWD", `its folder ${cwd} does not exist`, {
    hint: "Create it, or change its cwd.",
  });
}
