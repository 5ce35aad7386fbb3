import { randomUUID } from "node:crypto";
import { type AgentDeps, proveAgent } from "../../agents/index.js";
import { type Config, normalizeId } from "../../config/index.js";
import { agentOfSession } from "./session-agent.js";
import { madeWorkspace } from "./workspace.js";

/**
 * Brings an agent of the configuration to the point before its first token (behaviour 6.7), as a session of its own would.
 * @param deps without `providers`, which are the configuration's
 * @returns what it came to, in a few words
 * @throws TapbackError why it is not ready; the signal's reason
 */
export async function proveConfigured(
  config: Config,
  id: string,
  stateDir: string,
  deps: AgentDeps,
  signal: AbortSignal,
): Promise<string> {
  const agentId = normalizeId(id);
  const sessionKey = `agent:${agentId}:proof:${randomUUID()}`;
  const agent = agentOfSession(config, { agentId, sessionKey, account: "proof", chatKey: "proof" }, {});
  const workspace = madeWorkspace(agent, stateDir, deps.home);
  return await proveAgent({ ...agent, workspace }, { ...deps, providers: config.models.providers }, signal);
}
