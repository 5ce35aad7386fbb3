import { type Account, type AccountField, layersOf, originOf, resolveAccounts } from "../../accounts.js";
import type { ConfigPath } from "../../path.js";
import type { Config } from "../../schema/config.js";
import type { Rule, RuleFinding } from "../rule.js";

const channelPath: ConfigPath = ["channels", "imessage"];

/**
 * A `chat_id` names a chat of one Messages database, and each counts from 1: written for several accounts it would name
 * another chat on each (behaviour 5.4). An account that is not enabled serves nobody, so it does not count until it is.
 */
export const chatNumbersAreOfOneAccount: Rule = function* (config) {
  const accounts = resolveAccounts(config).filter(({ enabled }) => enabled);
  const { allowFrom = [], groupAllowFrom = [], groups = {} } = config.channels.imessage ?? {};
  const inherit = (field: AccountField) => accounts.filter((account) => isInherited(config, account, field));
  for (const [field, entries] of [
    ["allowFrom", allowFrom],
    ["groupAllowFrom", groupAllowFrom],
  ] as const)
    for (const index of numbersIn(entries))
      yield* shared([...channelPath, field, index], entries[index]!, inherit(field), field);
  for (const [key, group] of Object.entries(groups)) {
    const at = [...channelPath, "groups", key];
    const heirs = inherit("groups");
    if (/^\d+$/.test(key)) yield* shared(at, `the group ${key}`, heirs, "groups", true);
    // One finding for a group is enough.
    else
      for (const index of numbersIn(group.allowFrom ?? []))
        yield* shared([...at, "allowFrom", index], group.allowFrom![index]!, heirs, "groups");
  }
  for (const [index, { match }] of config.bindings.entries()) {
    if (match.accountId !== "*" || match.peer === undefined || !isNumber(match.peer.id)) continue;
    if (accounts.length < 2) continue;
    yield {
      severity: "error",
      path: ["bindings", index, "match", "accountId"],
      because: [channelPath],
      message: `${match.peer.id.trim()} is another chat on each of the accounts ${namesOf(accounts)}`,
      expected: `the account that has this chat: ${namesOf(accounts, "or")}`,
    };
  }
};

function* shared(
  path: ConfigPath,
  entry: string,
  heirs: readonly Account[],
  field: AccountField,
  atKey = false,
): Generator<RuleFinding> {
  if (heirs.length < 2) return;
  const places = heirs.map(({ id }) => `channels.imessage.accounts.${id}.${field}`).join(" or ");
  yield {
    severity: "error",
    path,
    atKey,
    // Who inherits is not known while an account, or the list of accounts, is itself wrong.
    because: [[...channelPath, "accounts"]],
    message: `${entry.trim()} is another chat on each of the accounts ${namesOf(heirs)}, which all take ${field} from here`,
    expected: `it in ${places}, whichever has this chat; what an account sets itself replaces the list here`,
  };
}

function isInherited(config: Config, { id }: Account, field: AccountField): boolean {
  return originOf(layersOf(config, id)!, field).origin === "channel";
}

function numbersIn(entries: readonly string[]): number[] {
  return entries.flatMap((entry, index) => (isNumber(entry) ? [index] : []));
}

function isNumber(entry: string): boolean {
  return /chat_?id\s*:/i.test(entry);
}

function namesOf(accounts: readonly Account[], word = "and"): string {
  const names = accounts.map(({ id }) => `"${id}"`);
  return `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}`;
}
