import type { ChannelPlace } from "../../agents/index.js";
import {
  type Config,
  defaultAccountId,
  normalizeId,
  resolveAccount,
  resolveAgents,
} from "../../config/index.js";
import { parseTarget } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";

/** An agent that sessions answer for. */
export interface LiveAgent {
  id: string;
  oneSession: boolean;
  /** 0 is never. */
  waitingAfterMs: number;
  waitingReply: string;
}

/** The agents of a configuration that sessions answer for (behaviour 20.4). */
export function liveAgents(config: Config): LiveAgent[] {
  return resolveAgents(config).flatMap(({ id, runtime }) => {
    if (runtime.type !== "channel") return [];
    const { oneSession, waitingAfterMinutes, waitingReply } = runtime;
    return [{ id, oneSession, waitingAfterMs: waitingAfterMinutes * 60_000, waitingReply }];
  });
}

/** What whoever attaches a session asks for, as it was typed. */
export interface AskedPlace {
  agent?: string;
  account?: string;
  /** A target in any form of behaviour 8.3. */
  chat?: string;
}

/**
 * Where a session is attached. Chats never mix in one session unless the owner says so.
 * @throws `CHANNEL_AGENT`, `CHANNEL_CHAT`, `ACCOUNT_UNKNOWN`, `TARGET_INVALID`
 */
export function placeOf(asked: AskedPlace, config: Config): ChannelPlace {
  const agents = liveAgents(config);
  const agent = agentOf(asked.agent, agents);
  const account = asked.account === undefined ? defaultAccountId(config) : normalizeId(asked.account);
  const settings = resolveAccount(config, account);
  if (!settings) throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${account}`);
  if (asked.chat === undefined) {
    if (agent.oneSession) return { agentId: agent.id, account };
    throw new TapbackError(
      "CHANNEL_CHAT",
      `say which conversation of agent ${agent.id} the session answers`,
      {
        hint: "Name it with --chat, e.g. --chat +15550100123, or set `oneSession` of its runtime where all may share one session.",
      },
    );
  }
  const target = parseTarget(asked.chat, settings.region);
  if (!target.ok) throw target.error;
  const chat = target.value.kind === "handle" ? { ...target.value, service: "auto" as const } : target.value;
  return { agentId: agent.id, account, chat };
}

/** Whether a place may still be answered by one session. */
export function isAllowed({ agentId, chat }: ChannelPlace, config: Config): boolean {
  return liveAgents(config).some(
    ({ id, oneSession }) => id === agentId && (oneSession || chat !== undefined),
  );
}

function agentOf(asked: string | undefined, agents: readonly LiveAgent[]): LiveAgent {
  const found =
    asked === undefined
      ? agents.length === 1 && agents[0]
      : agents.find(({ id }) => id === normalizeId(asked));
  if (found) return found;
  const names = agents.map(({ id }) => id).join(", ");
  const why =
    agents.length === 0
      ? "no agent has the runtime `channel`"
      : asked === undefined
        ? "several agents have the runtime `channel`"
        : `agent ${asked} does not have the runtime \`channel\``;
  throw new TapbackError("CHANNEL_AGENT", why, {
    hint:
      agents.length === 0
        ? 'Give an agent of agents.list `runtime: { type: "channel" }`.'
        : `Name one with --agent: ${names}.`,
  });
}
