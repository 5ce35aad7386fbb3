import { accountPolicy, groupOptions, isGroupish } from "../access/index.js";
import { commandNames } from "../commands/index.js";
import { type Account, type Config, defaultAccountId, resolveAgents } from "../config/index.js";
import { normalizeHandle } from "../conversation/index.js";
import type { AccountRules } from "../inbound/index.js";
import { compileIdentityLinks, compileRoutes, route, sessionKey } from "../turns/index.js";

/** Apple splits one send into rows 0.8 to 2 s apart; this holds them together (behaviour 9.3). */
const defaultCoalesceMs = 2500;

/** Compiles what the configuration says about one account, once per change of the file. */
export function rulesFor(config: Config, account: Account): AccountRules {
  const policy = accountPolicy(config, account.id, commandNames)!;
  const agents = resolveAgents(config);
  const routes = compileRoutes({
    accountId: account.id,
    defaultAccountId: defaultAccountId(config),
    region: account.region,
    bindings: config.bindings,
    agents: config.agents.list,
  });
  const { dmScope, identityLinks } = config.session;
  const links = compileIdentityLinks(identityLinks, account.region);
  return {
    policy,
    historyLimit: account.historyLimit,
    missedSummary: account.missedSummary,
    coalesceMs: account.coalesceSameSenderDms
      ? (config.messages.inbound.byChannel.imessage ?? defaultCoalesceMs)
      : 0,
    quietMs: account.handoff.quietMinutes * 60_000,
    placeOf(row) {
      const isGroup = isGroupish(row.chat, policy);
      const group = isGroup ? groupOptions(row.chat.id, policy) : undefined;
      const { agentId } = route(row, routes, { isGroup, agent: group?.agent });
      const peer = normalizeHandle(row.sender, account.region);
      const own = agents.find(({ id }) => id === agentId)?.systemPrompt;
      // A group's prompt holds in that group alone (behaviour 4.5).
      const systemPrompt = [own, group?.systemPrompt].filter((part) => part).join("\n\n");
      return {
        agentId,
        sessionKey: sessionKey({
          agentId,
          accountId: account.id,
          isGroup,
          chat: row.chat,
          peer,
          dmScope,
          identityLinks: links,
        }),
        ...(systemPrompt && { systemPrompt }),
      };
    },
  };
}
