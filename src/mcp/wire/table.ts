import { exactly, facts, list, object, oneOf, optional, text } from "../../platform/shapes/index.js";

/** What agents ask in MCP that is for the gateway to answer; the rest of the protocol is the SDK's. */
export const agentMethods = [
  "tools/list",
  "tools/call",
  "resources/list",
  "resources/templates/list",
  "resources/read",
] as const;
export type AgentMethod = (typeof agentMethods)[number];

/** The chats of an account. */
export interface Place {
  account?: string | undefined;
  /** In the forms of behaviour 8.3; absent: all. */
  chats?: string[] | undefined;
}

/** The rights of an agent that was started on this machine: those of a token, or what its owner named. */
export interface LocalRights extends Place {
  /** The secret of a token; nothing else counts beside it. */
  token?: string | undefined;
  scopes?: string[] | undefined;
}

const place = { account: optional(text), chats: optional(list(text)) };

/** What `tapback mcp` asks the gateway over its control socket (behaviour 20.3). */
export const agentTable = {
  /** What the chats are called that an agent is started for, so that they stay these whatever their numbers come to mean. */
  "agent.bind": { parameters: exactly<Place>(place), result: object<Place>(place) },
  /** A request of MCP of an agent with these rights. */
  "agent.ask": {
    parameters: exactly<{ rights: LocalRights; method: AgentMethod; params: Record<string, unknown> }>({
      rights: exactly<LocalRights>({ ...place, token: optional(text), scopes: optional(list(text)) }),
      method: oneOf(...agentMethods),
      params: facts,
    }),
    result: facts,
  },
};
