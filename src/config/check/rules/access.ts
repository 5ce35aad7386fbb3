import { peopleByGroup, withPeople } from "../../access-groups.js";
import { accountIds, layersOf, originOf, resolveAccount } from "../../accounts.js";
import type { ConfigPath } from "../../path.js";
import type { AccountOverrides } from "../../schema/account.js";
import { personProblem } from "../../schema/addresses.js";
import type { Config } from "../../schema/config.js";
import type { Rule, RuleFinding } from "../rule.js";

/** What was written for the channel and for each account, with its place. */
export function* writtenSettings(
  config: Config,
): Generator<{ settings: AccountOverrides; path: ConfigPath }> {
  const channel = config.channels.imessage;
  if (channel === undefined) return;
  yield { settings: channel, path: ["channels", "imessage"] };
  for (const [id, settings] of Object.entries(channel.accounts ?? {}))
    yield { settings, path: ["channels", "imessage", "accounts", id] };
}

/** `open` lets everyone in, and has to say so twice (behaviour 3.1). */
export const openNeedsStar: Rule = function* (config) {
  const seen = new Set<string>();
  for (const id of accountIds(config)) {
    const account = resolveAccount(config, id)!;
    if (account.dmPolicy !== "open" || account.allowFrom.some((entry) => entry.trim() === "*")) continue;
    const layers = layersOf(config, id)!;
    const policy = originOf(layers, "dmPolicy");
    const list = originOf(layers, "allowFrom");
    const { path } = list.origin === "account" && policy.origin !== "account" ? list : policy;
    if (seen.has(path.join("\n"))) continue;
    seen.add(path.join("\n"));
    yield {
      severity: "error",
      path,
      because: [list.path, policy.path],
      message: 'dmPolicy "open" needs "*" in allowFrom, so that opening up is never a slip',
      expected: 'allowFrom with "*", or another dmPolicy',
    };
  }
};

/** A key of `groups` that can never match would leave its chat with the rules for all (behaviour 17.3). */
export const groupKeys: Rule = function* (config) {
  for (const { settings, path } of writtenSettings(config)) {
    for (const key of Object.keys(settings.groups ?? {})) {
      if (key === "*" || /^[1-9]\d*$/.test(key)) continue;
      const digits = /^\s*(?:chat_id:)?\s*0*([1-9]\d*)\s*$/i.exec(key)?.[1];
      yield {
        severity: "error",
        path: [...path, "groups", key],
        atKey: true,
        message: "a group is named by its chat_id; `imsg chats` lists them",
        expected: 'digits or "*"',
        suggestion: digits,
      };
    }
  }
};

/** Settings per person have to name a person. */
export const personKeys: Rule = function* (config) {
  for (const { settings, path } of writtenSettings(config)) {
    for (const key of Object.keys(settings.dms ?? {})) {
      const problem = key.trim() === "*" ? "dmHistoryLimit is the setting for everyone" : personProblem(key);
      if (problem === undefined) continue;
      yield {
        severity: "error",
        path: [...path, "dms", key],
        atKey: true,
        message: problem,
        expected: "a phone number or an e-mail address",
      };
    }
  }
};

/** Owner rights for everyone would hand the gateway to any sender; a chat has none, and would leave the list without anybody. */
export const ownersAreNamed: Rule = function* (config) {
  for (const [index, entry] of (config.commands.ownerAllowFrom ?? []).entries()) {
    const isChat = /^\s*chat_/i.test(entry);
    if (entry.trim() !== "*" && !isChat) continue;
    yield {
      severity: "error",
      path: ["commands", "ownerAllowFrom", index],
      message: isChat ? "a chat is nobody who could be an owner" : "owner rights cannot be given to everyone",
      expected: "a phone number or an e-mail address",
    };
  }
};

/** A list of people as it is written, with its place. */
export interface WrittenList {
  entries: readonly string[] | undefined;
  path: ConfigPath;
}

/** Every list that decides who may do what. */
export function* listsOfPeople(config: Config): Generator<WrittenList> {
  yield { entries: config.commands.ownerAllowFrom, path: ["commands", "ownerAllowFrom"] };
  for (const { settings, path } of writtenSettings(config)) {
    yield { entries: settings.allowFrom, path: [...path, "allowFrom"] };
    yield { entries: settings.groupAllowFrom, path: [...path, "groupAllowFrom"] };
    for (const [key, group] of Object.entries(settings.groups ?? {}))
      yield { entries: group.allowFrom, path: [...path, "groups", key, "allowFrom"] };
  }
}

/** The people of each group of people, where they are written. */
export function* membersWritten({ accessGroups }: Pick<Config, "accessGroups">): Generator<WrittenList> {
  for (const [name, { members }] of Object.entries(accessGroups)) {
    const path = ["accessGroups", name, "members"];
    if (Array.isArray(members)) yield { entries: members, path };
    else
      for (const [channel, entries] of Object.entries(members)) yield { entries, path: [...path, channel] };
  }
}

/** An entry such as `Kim` admits a business sender of that name, not a contact. */
export const namesAreNotContacts: Rule = function* (config) {
  for (const { entries = [], path } of [...listsOfPeople(config), ...membersWritten(config)]) {
    for (const [index, entry] of entries.entries()) {
      if (!/^[A-Za-z][A-Za-z0-9 _-]*$/.test(entry.trim())) continue;
      yield {
        severity: "warning",
        path: [...path, index],
        message: `"${entry}" is read as the name of a business sender, not of a contact`,
        expected: "a phone number or an e-mail address",
      };
    }
  }
};

/** Warns where several people share one memory: what one says is known to the agent when it answers another. */
export const sharedMemory: Rule = function* (config) {
  if (config.session.dmScope !== "main") return;
  const people = new Set<string>();
  const groups = peopleByGroup(config);
  let everyone = false;
  for (const id of accountIds(config)) {
    const { enabled, dmPolicy, allowFrom } = resolveAccount(config, id)!;
    if (!enabled || dmPolicy === "disabled") continue;
    everyone ||= dmPolicy === "open";
    for (const entry of withPeople(allowFrom, groups))
      if (!/^(\*$|chat_)/i.test(entry.trim())) people.add(personOf(config, entry));
  }
  if (!everyone && people.size < 2) return;
  const finding: RuleFinding = {
    severity: "warning",
    path: ["session", "dmScope"],
    because: [["channels", "imessage"]],
    message: `${everyone ? "everyone" : `${people.size} people`} may write and all share one session and its memory`,
    expected: 'dmScope "per-peer" where people should not learn of each other',
  };
  yield finding;
};

/** One person's handles by `session.identityLinks` count once. */
function personOf(config: Config, entry: string): string {
  const linked = Object.entries(config.session.identityLinks).find(([, handles]) =>
    handles.some((handle) => plainHandle(handle) === plainHandle(entry)),
  );
  return linked === undefined ? plainHandle(entry) : `person ${linked[0]}`;
}

/** A handle in one of its spellings, so far as that takes no region: without a service, and of a number the signs alone that count. */
export function plainHandle(text: string): string {
  const bare = text
    .trim()
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .replace(/^(imessage|sms|rcs|auto|tel|mailto):\s*/, "");
  return /^[+\d\s().-]+$/.test(bare) ? bare.replace(/[\s().-]/g, "") : bare;
}
