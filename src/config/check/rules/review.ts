import { accountIds, resolveAccount } from "../../accounts.js";
import { groupNameIn } from "../../group-name.js";
import type { ConfigPath } from "../../path.js";
import type { Config } from "../../schema/config.js";
import type { Rule } from "../rule.js";
import { plainHandle, writtenSettings } from "./access.js";

/**
 * A draft that nobody may decide would wait until it is dropped (behaviour 18.1). Owners that pairing made do not count: what
 * the file asks for must hold by the file alone.
 */
export const reviewHasOwner: Rule = function* (config) {
  const { ownerAllowFrom } = config.commands;
  const isOwned =
    ownerAllowFrom === undefined
      ? accountIds(config).every((id) => hasOnlySender(resolveAccount(config, id)!.allowFrom))
      : ownerAllowFrom.length > 0;
  if (isOwned) return;
  for (const path of placesOfReview(config))
    yield {
      severity: "error",
      path,
      because: [["commands", "ownerAllowFrom"]],
      message: "a review needs an owner, who says what is sent",
      expected: "commands.ownerAllowFrom with at least one phone number or e-mail address",
    };
};

/** Whether one person alone is let in, who is the owner then (behaviour 12): a chat beside is nobody, a group may be several. */
function hasOnlySender(allowFrom: readonly string[]): boolean {
  if (allowFrom.some((entry) => entry.trim() === "*" || groupNameIn(entry) !== undefined)) return false;
  const people = allowFrom.filter((entry) => !/^\s*chat_/i.test(entry));
  return new Set(people.map(plainHandle)).size === 1;
}

function* placesOfReview(config: Config): Generator<ConfigPath> {
  for (const { settings, path } of writtenSettings(config)) {
    if (settings.review === "on") yield [...path, "review"];
    for (const key of ["dms", "groups"] as const)
      for (const [name, { review }] of Object.entries(settings[key] ?? {}))
        if (review === "on") yield [...path, key, name, "review"];
  }
  for (const [index, { review }] of config.agents.list.entries())
    if (review === "on") yield ["agents", "list", index, "review"];
}
