import { type Allowlist, compileAllowlist, matchAllowlist } from "../../access/index.js";
import { normalizeId } from "../../config/index.js";
import { type MessageRow, normalizeHandle } from "../../conversation/index.js";

/** An entry of `bindings` (behaviour 5.2), as far as routing needs it. */
export interface RouteBinding {
  type?: "route" | "acp";
  agentId: string;
  match: {
    /** Absent: the default account. `"*"`: any. */
    accountId?: string | undefined;
    /** Absent: everybody. An id of `"*"`: all of the kind. */
    peer?: { kind: "direct" | "dm" | "group"; id: string } | undefined;
  };
}

/** What routes are made from: the names of the configuration, for one account. */
export interface RouteSource<Binding extends RouteBinding = RouteBinding> {
  accountId: string;
  defaultAccountId: string;
  region?: string;
  bindings?: readonly Binding[];
  agents?: readonly { id: string; default?: boolean | undefined }[];
}

/** The bindings of one account, most specific first, compiled once. */
export interface Routes<Binding extends RouteBinding = RouteBinding> {
  readonly region: string;
  readonly rules: readonly Rule<Binding>[];
  /** Who answers where no binding matches. */
  readonly defaultAgentId: string;
}

interface Rule<Binding> {
  readonly binding: Binding;
  /** Index in `bindings`. */
  readonly index: number;
  readonly kind?: "direct" | "group";
  /** Absent: everybody of the kind. */
  readonly peer?: Allowlist;
  /** 0 a peer, 1 all peers of a kind, 2 the account, 3 any account. */
  readonly rank: number;
}

/** Which agent answers a message, and why. */
export interface Route<Binding extends RouteBinding = RouteBinding> {
  /** Normalised. */
  agentId: string;
  /** The binding that decided, with its settings. */
  binding?: Binding;
  /** The configuration path that decided, e.g. `bindings[2]`; absent for the built-in agent. */
  key?: string;
}

/** Sorts and compiles the bindings that concern an account. */
export function compileRoutes<Binding extends RouteBinding>(source: RouteSource<Binding>): Routes<Binding> {
  const region = source.region ?? "US";
  const account = normalizeId(source.accountId);
  const rules = (source.bindings ?? []).flatMap((binding, index): Rule<Binding>[] => {
    const { accountId = source.defaultAccountId, peer } = binding.match;
    if (accountId !== "*" && normalizeId(accountId) !== account) return [];
    if (!peer) return [{ binding, index, rank: accountId === "*" ? 3 : 2 }];
    const kind = peer.kind === "group" ? "group" : "direct";
    if (peer.id.trim() === "*") return [{ binding, index, kind, rank: 1 }];
    return [{ binding, index, kind, peer: compileAllowlist([peer.id], region), rank: 0 }];
  });
  const agents = source.agents ?? [];
  return {
    region,
    // The sort is stable, so the first of equals stays first.
    rules: rules.sort((one, other) => one.rank - other.rank),
    defaultAgentId: normalizeId((agents.find((agent) => agent.default) ?? agents[0])?.id ?? "main"),
  };
}

/**
 * Finds the agent of a message: the group's own `agentId`, else the most specific binding, else the default agent
 * (behaviour 5.2). The agent of a person's groups comes before the bindings that name nobody.
 * @param chat.isGroup whether the chat is judged as a group (behaviour 4.1)
 * @param chat.agent what `groups` names for the chat, see `groupOptions`
 * @param person what `accessGroups` names for the sender (behaviour 18.3); a group's chat has one agent for all
 */
export function route<Binding extends RouteBinding>(
  message: MessageRow,
  routes: Routes<Binding>,
  chat: { isGroup: boolean; agent?: { id: string; key: string } | undefined },
  person?: { id: string; key: string },
): Route<Binding> {
  if (chat.isGroup && chat.agent) return { agentId: normalizeId(chat.agent.id), key: chat.agent.key };
  const kind = chat.isGroup ? "group" : "direct";
  // A group's peer is the chat, whoever writes in it.
  const sender = chat.isGroup ? "" : normalizeHandle(message.sender, routes.region);
  const rule = routes.rules.find(
    (candidate) =>
      (candidate.kind ?? kind) === kind &&
      (!candidate.peer || matchAllowlist(candidate.peer, sender, message.chat, routes.region) !== undefined),
  );
  if (!chat.isGroup && person && rule?.rank !== 0) return { agentId: person.id, key: person.key };
  if (!rule) return { agentId: routes.defaultAgentId };
  return {
    agentId: normalizeId(rule.binding.agentId),
    binding: rule.binding,
    key: `bindings[${rule.index}]`,
  };
}
