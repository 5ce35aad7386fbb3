import { createHash } from "node:crypto";
import { boundTo, type Gate, scopesIn } from "../api/index.js";
import { type Asker, Reach } from "../api/serving/index.js";
import { defaultAccountId, normalizeId, regionOf, resolveAccount } from "../config/index.js";
import { formatTarget } from "../conversation/index.js";
import { TapbackError } from "../platform/index.js";
import type { Token, TokenScope } from "../store/index.js";
import type { McpDeps } from "./deps.js";
import type { LocalRights } from "./wire/index.js";

/** An agent of another system, with the rights that it has. */
export type Agent = Asker;

/** What an agent of this machine may do where nothing is said. */
const usualScopes: readonly TokenScope[] = ["read", "send", "people"];

/** Lets an agent in by the header of its token. @throws `TOKEN_REFUSED`, `RATE_LIMITED` */
export async function agentOfToken(authorization: string | null, { api, gate }: McpDeps): Promise<Agent> {
  const token = await gate.admit(authorization);
  return agentWith(token, api, gate);
}

/**
 * Lets an agent of this machine in: whoever may open the control socket is the gateway's owner, and says what it may do.
 * @throws `USAGE`, `TARGET_INVALID`, `CHAT_UNNAMED`, `ACCOUNT_UNKNOWN`; as {@link agentOfToken}
 */
export async function agentHere(rights: LocalRights, deps: McpDeps): Promise<Agent> {
  const { store, config } = deps.api;
  if (rights.token !== undefined) return agentOfToken(`Bearer ${rights.token}`, deps);
  const { account, chats } = await bound(rights, deps);
  const scopes = rights.scopes ? scopesIn(rights.scopes) : usualScopes;
  const region = regionOf(config(), account ?? defaultAccountId(config()));
  const reached = chats && account !== undefined ? await boundTo(store, account, chats, region) : undefined;
  const reach = { ...(account !== undefined && { account }), ...(reached && { chats: reached }) };
  // What one of them names, such as the key of a message, is not told to one that reaches other chats.
  const digest = createHash("sha256").update(JSON.stringify(reach)).digest("hex").slice(0, 12);
  const tokenId = `mcp-${digest}`;
  return {
    reach: new Reach(reach, config(), store),
    by: "mcp",
    tokenId,
    scopes,
    isStillIn: async () => true,
  };
}

/**
 * Says what the chats are called that an agent of this machine is started for, so that they stay these whatever their numbers come
 * to mean.
 * @throws as {@link agentHere}
 */
export async function bound(
  { account, chats }: Pick<LocalRights, "account" | "chats">,
  { api: { store, config } }: McpDeps,
): Promise<Pick<LocalRights, "account" | "chats">> {
  const named = account === undefined ? undefined : normalizeId(account);
  if (named !== undefined && !resolveAccount(config(), named))
    throw new TapbackError("ACCOUNT_UNKNOWN", `there is no account ${account}`);
  if (!chats) return { account: named };
  if (chats.length === 0) throw new TapbackError("USAGE", "--chats needs a chat");
  // A chat is one of an account: it never stands for the same name in another.
  const id = named ?? defaultAccountId(config());
  const targets = await boundTo(store, id, chats, regionOf(config(), id));
  return { account: id, chats: targets.map(formatTarget) };
}

function agentWith(token: Token, { config, store }: McpDeps["api"], gate: Gate): Agent {
  return {
    reach: new Reach(token, config(), store),
    by: `token ${token.name}`,
    tokenId: token.id,
    scopes: token.scopes,
    isStillIn: () => gate.isGood(token),
  };
}
