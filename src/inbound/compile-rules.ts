import { accountPolicy, groupOptions, isGroupish } from "../access/index.js";
import { type Account, type Config, defaultAccountId, resolveAgents } from "../config/index.js";
import { type CommandRules, chatKeyOf, normalizeHandle, replyTargetOf } from "../conversation/index.js";
import {
  compileIdentityLinks,
  compileRoutes,
  configuredSession,
  isLimited,
  People,
  route,
  sessionKey,
} from "../turns/index.js";
import type { AccountRules } from "./rules.js";

/** Apple splits one send into rows 0.8 to 2 s apart; this holds them together (behaviour 9.3). */
const defaultCoalesceMs = 2500;

/**
 * Compiles what the configuration says about one account, once per change of the file.
 * @param commandRules what people may say to the gateway itself
 */
export function rulesFor(config: Config, account: Account, commandRules: CommandRules): AccountRules {
  const policy = accountPolicy(config, account.id, commandRules)!;
  const agents = resolveAgents(config);
  const defaultAccount = defaultAccountId(config);
  const routes = compileRoutes({
    accountId: account.id,
    defaultAccountId: defaultAccount,
    region: account.region,
    bindings: config.bindings,
    agents: config.agents.list,
  });
  const { dmScope, identityLinks } = config.session;
  const links = compileIdentityLinks(identityLinks, account.region);
  const people = new People(config, account.region);
  const seeds = new Map(
    Object.entries(account.dms).flatMap(([handle, { historyLimit }]) =>
      historyLimit === undefined ? [] : [[normalizeHandle(handle, account.region), historyLimit] as const],
    ),
  );
  // Chats never mix in one running session unless the owner says so (behaviour 20.4).
  const apart = new Set(
    agents.filter(({ runtime }) => runtime.type === "channel" && !runtime.oneSession).map(({ id }) => id),
  );
  return {
    policy,
    historyLimit: account.historyLimit,
    missedSummary: account.missedSummary,
    coalesceMs: account.coalesceSameSenderDms
      ? (config.messages.inbound.byChannel.imessage ?? defaultCoalesceMs)
      : 0,
    waitWhileTyping: account.waitWhileTyping,
    queueMode: config.messages.queue.mode,
    seedLimitOf: (handle) => seeds.get(normalizeHandle(handle, account.region)) ?? account.dmHistoryLimit,
    isLimited: (handle) => isLimited(people.of(normalizeHandle(handle, account.region))),
    quietMs: account.handoff.quietMinutes * 60_000,
    sessionOf(row, bound) {
      const isGroup = isGroupish(row, policy);
      const group = isGroup ? groupOptions(row.chat.id, policy) : undefined;
      const peer = normalizeHandle(row.sender, account.region);
      const chat = { isGroup, agent: group?.agent };
      const found = bound ? undefined : route(row, routes, chat, people.of(peer).agent);
      const agentId = bound?.agentId ?? found!.agentId;
      const own = agents.find(({ id }) => id === agentId)?.systemPrompt;
      // A group's prompt holds in that group alone (behaviour 4.5).
      const systemPrompt = [own, group?.systemPrompt].filter((part) => part).join("\n\n");
      const sessionOf = () =>
        found?.binding?.type === "acp"
          ? configuredSession(found.binding, account.id, chatKeyOf(replyTargetOf(row)))
          : sessionKey({
              agentId,
              accountId: account.id,
              isDefaultAccount: account.id === defaultAccount,
              isGroup,
              chat: row.chat,
              peer,
              dmScope: dmScope === "main" && apart.has(agentId) ? "per-account-channel-peer" : dmScope,
              identityLinks: links,
            });
      return {
        agentId,
        sessionKey: bound?.sessionKey ?? sessionOf(),
        ...(systemPrompt && { systemPrompt }),
      };
    },
  };
}
