import { randomUUID } from "node:crypto";
import { type AgentDeps, type AgentEvent, knownAgent } from "../../agents/index.js";
import { type Config, normalizeId, resolveAgent, timeZoneOf } from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import { envelopeNowhere, turnNowhere } from "./nowhere.js";
import { AgentPool } from "./pool.js";

/**
 * Runs one turn of an agent without Messages: there is no conversation, so nothing can be sent, scheduled or looked up.
 * Permission requests are denied.
 * @param known a known ACP agent may be tried without being configured
 * @throws what the agent failed with; `AGENT_UNKNOWN`
 */
export async function* tryAgent(
  config: Config,
  agent: { id: string; text: string },
  stateDir: string,
  deps: AgentDeps,
  signal: AbortSignal,
): AsyncGenerator<AgentEvent> {
  const agentId = normalizeId(agent.id);
  const turnId = randomUUID();
  const configured = resolveAgent(config, agentId) !== undefined;
  if (!configured && knownAgent(agent.id) === undefined)
    throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${agent.id}`, {
      hint: "`tapback agents list` lists those of agents.list, and the ACP agents known by name.",
    });
  const sessionKey = configured ? `agent:${agentId}:try:${turnId}` : `agent:${agentId}:acp:${turnId}`;
  const bindings = { settings: () => ({}) };
  const pool = new AgentPool(() => config, { bindings } as never, stateDir, deps);
  try {
    const lent = await pool.lend({ agentId, sessionKey, account: "try", chatKey: "try" });
    const { systemPrompt } = resolveAgent(config, agentId) ?? {};
    const envelope = envelopeNowhere({ agentId, sessionKey, turnId }, agent.text, systemPrompt);
    const events = lent.agent.run(turnNowhere(envelope, timeZoneOf(config)), signal);
    for await (const event of events) {
      if (event.type === "permission") event.answer(undefined);
      yield event;
    }
  } finally {
    await pool.close();
  }
}
