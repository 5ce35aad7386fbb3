import { createHash } from "node:crypto";
import { knownAgent } from "../../agents/index.js";
import {
  type AcpSettings,
  type AgentConfig,
  acpSettingsFor,
  type Binding,
  type Config,
  resolveAgents,
} from "../../config/index.js";
import { TapbackError } from "../../platform/index.js";
import type { SessionSettings, Turn } from "../../store/index.js";
import { acpSessionKey, isAcpSession } from "../routing/session-key.js";

/** A session in its conversation: what decides which agent serves it, and how. */
export interface SessionPlace {
  agentId: string;
  sessionKey: string;
  account: string;
  chatKey: string;
}

/** Where a turn runs. */
export function placeOfTurn({ agentId, sessionKey, account, chatKey }: Turn): SessionPlace {
  return { agentId, sessionKey, account, chatKey };
}

/**
 * The session of a conversation that the configuration binds to an ACP agent (behaviour 6.4): always the same one, so
 * that it survives a restart.
 */
export function configuredSession(
  binding: Pick<Binding, "agentId" | "match">,
  account: string,
  chatKey: string,
): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([binding.match, account, chatKey]))
    .digest("hex");
  const uuid = [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ].map(([from, to]) => hash.slice(from, to));
  return acpSessionKey(binding.agentId, uuid.join("-"));
}

/** An agent as a session needs it: the configuration's, with what the binding and the chat chose (behaviour 6.4). */
export type SessionAgent = Pick<AgentConfig, "id" | "name" | "model" | "workspace" | "runtime">;

/**
 * @param own what was set for the session in the chat
 * @throws `AGENT_UNKNOWN` when there is no such agent (any more)
 */
export function agentOfSession(config: Config, place: SessionPlace, own: SessionSettings): SessionAgent {
  const { agentId, sessionKey } = place;
  const known = resolveAgents(config).find(({ id }) => id === agentId);
  if (!isAcpSession(sessionKey)) {
    if (!known)
      throw new TapbackError("AGENT_UNKNOWN", `there is no agent ${agentId}`, {
        hint: "Add it to agents.list, or change the binding that names it.",
      });
    const { runtime } = known;
    if (runtime.type === "acp")
      return { ...known, runtime: acpRuntime(config, acpSettingsFor(config, agentId), own) };
    if (runtime.type === "llm" && own.model !== undefined)
      return { ...known, runtime: { ...runtime, model: own.model } };
    return known;
  }
  const binding = config.bindings.find(
    (each) => each.type === "acp" && configuredSession(each, place.account, place.chatKey) === sessionKey,
  );
  const settings = acpSettingsFor(config, agentId, binding);
  if (settings.command === undefined && knownAgent(settings.agent ?? "") === undefined)
    throw new TapbackError("AGENT_UNKNOWN", `there is no ACP agent ${settings.agent}`, {
      hint: "Bind the conversation anew with /acp spawn.",
    });
  return { name: agentId, ...known, id: agentId, runtime: acpRuntime(config, settings, own) };
}

/**
 * The gateway's own question runs out first and says so (behaviour 6.5); the runtime's limit is for a request that nobody
 * took up. Were both the same, the turn could end before the question had expired, and its owner would hear nothing.
 */
const backstopSeconds = 10;

function acpRuntime(config: Config, settings: AcpSettings, own: SessionSettings): SessionAgent["runtime"] {
  const { cwd, model, sessionMode, mode } = own;
  const { label: _, ...acp } = settings;
  const chosen = Object.fromEntries(
    Object.entries({ cwd, model, sessionMode, mode }).filter(([, value]) => value !== undefined),
  );
  const { idleSeconds, maxProcesses } = config.acp;
  const permissionTimeoutSeconds = config.acp.permissionTimeoutSeconds + backstopSeconds;
  const limits = { permissionTimeoutSeconds, idleSeconds, maxProcesses };
  return { type: "acp", acp: { ...acp, ...chosen, ...limits } } as SessionAgent["runtime"];
}
