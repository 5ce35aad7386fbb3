import { accountPolicy, decide, groupOptions, isGroupish } from "../access/index.js";
import { type Config, defaultAccountId, resolveAccounts } from "../config/index.js";
import { type MessageRow, normalizeHandle } from "../conversation/index.js";
import { compileRoutes, route } from "../turns/index.js";
import { type Probe, type Rules, refused } from "./probe.js";

/**
 * Our own rules, as the gateway will ask them.
 * @param approved senders who are let in by pairing, in any spelling
 */
export function rulesHere(config: Config, approved: readonly { account: string; handle: string }[]): Rules {
  const accounts = new Map(
    resolveAccounts(config)
      .filter(({ enabled }) => enabled)
      .map((account) => {
        const policy = accountPolicy(config, account.id, {})!;
        const routes = compileRoutes({
          accountId: account.id,
          defaultAccountId: defaultAccountId(config),
          region: account.region,
          bindings: config.bindings,
          agents: config.agents.list,
        });
        const people = approved.filter((one) => one.account === account.id);
        const handles = new Set(people.map(({ handle }) => normalizeHandle(handle, account.region)));
        return [account.id, { policy, routes, handles }] as const;
      }),
  );
  return {
    accounts: [...accounts.keys()],
    ask(probe) {
      const account = accounts.get(probe.account);
      if (account === undefined) return refused;
      const { policy, routes, handles } = account;
      const message = rowOf(probe);
      const isGroup = isGroupish(message, policy);
      const group = isGroup ? groupOptions(message.chat.id, policy) : undefined;
      const { agentId } = route(message, routes, { isGroup, agent: group?.agent });
      const approvedHere = handles.has(normalizeHandle(probe.sender, policy.region));
      const decision = decide(message, policy, { agentId, approved: approvedHere });
      if (decision.kind === "dispatch" || decision.kind === "command")
        return { kind: "answered", agent: agentId };
      return decision.kind === "pairing" && decision.offer ? { kind: "code" } : refused;
    },
  };
}

function rowOf({ sender, chat, text }: Probe): MessageRow {
  return {
    rowId: 1,
    guid: "00000000-0000-0000-0000-000000000001",
    chat: { ...chat, name: "", participants: [sender] },
    sender,
    fromMe: false,
    text,
    sentAt: 0,
    attachments: [],
  };
}
