import { substitute } from "../check/substitute.js";
import { normalizeId } from "../ids.js";
import { accountDefaults } from "../schema/defaults.js";
import type { KnownChat } from "./channel.js";
import { listOf } from "./channel.js";
import { isTree, type Tree, treeOf } from "./report.js";

/** Someone who was approved by pairing. */
export interface ApprovedSender {
  /** Account id. */
  account: string;
  handle: string;
}

/** Who may talk that could not before, and who no longer may; one line each. */
export interface AccessDifference {
  gained: string[];
  lost: string[];
}

/**
 * Compares who may talk under two channel blocks of the shape of `channels.imessage`.
 * @param defaults.groupPolicy that holds where the block has none
 * @param chats by which groups of the other block that are named by GUID are recognised
 */
export function accessDifference(
  before: { block: Tree | undefined; groupPolicy: string },
  after: { block: Tree | undefined; groupPolicy: string },
  approved: readonly ApprovedSender[],
  chats: readonly KnownChat[],
): AccessDifference {
  const old = linesOf(before, approved, chats);
  const current = linesOf(after, approved, chats);
  return {
    gained: [...current].filter((line) => !old.has(line)),
    lost: [...old].filter((line) => !current.has(line)),
  };
}

function linesOf(
  { block, groupPolicy }: { block: Tree | undefined; groupPolicy: string },
  approved: readonly ApprovedSender[],
  chats: readonly KnownChat[],
): Set<string> {
  if (block === undefined) return new Set();
  const accounts = Object.entries(treeOf(block.accounts));
  const all: [string, Tree][] =
    accounts.length > 0
      ? accounts.map(([id, own]) => [id, { ...block, ...treeOf(own) }])
      : [["default", block]];
  const lines = all.flatMap(([id, account]) =>
    account.enabled === false
      ? []
      : [
          ...directLines(
            account,
            approved.filter((sender) => sender.account === id),
          ),
          ...groupLines(account, groupPolicy, chats),
        ].map((line) => `${id}: ${line}`),
  );
  return new Set(lines);
}

function directLines(account: Tree, approved: readonly ApprovedSender[]): string[] {
  const policy = account.dmPolicy ?? "pairing";
  if (policy === "disabled") return [];
  const people = [
    ...namesOf(account.allowFrom),
    ...(policy === "open" ? [] : approved.map(({ handle }) => nameOf(handle))),
  ];
  const offered =
    policy === "pairing" && !people.includes(everyone) ? ["whoever asks is offered a pairing code"] : [];
  return [...people.map((person) => `${person} in direct chats`), ...offered];
}

function groupLines(account: Tree, fallback: string, chats: readonly KnownChat[]): string[] {
  const policy = account.groupPolicy ?? fallback;
  if (policy === "disabled") return [];
  const groups = treeOf(account.groups);
  const keys = Object.keys(groups).length === 0 ? ["*"] : Object.keys(groups);
  return keys.flatMap((key) => {
    const group = treeOf(groups[key]);
    if (group.enabled === false) return [];
    const people =
      policy === "open"
        ? [everyone]
        : namesOf(group.allowFrom ?? account.groupAllowFrom ?? account.allowFrom);
    return people.map(
      (person) => `${person} in ${key === "*" ? "any group" : `group ${groupName(key, chats)}`}`,
    );
  });
}

const everyone = "everyone";

function namesOf(list: unknown): string[] {
  const names = listOf(list).filter((entry) => typeof entry === "string" || typeof entry === "number");
  const unique = [
    ...new Set(
      names.map((entry) => nameOf(typeof entry === "number" && entry >= 1e9 ? `+${entry}` : String(entry))),
    ),
  ];
  return unique.includes(everyone) ? [everyone] : unique;
}

/** Writes an entry in the form in which entries are compared: one person may be written in several ways. */
function nameOf(entry: string): string {
  const bare = entry
    .trim()
    .toLowerCase()
    .replace(/^(bluebubbles|imessage|sms|rcs|auto|tel|mailto):/, "");
  return bare === "*" ? everyone : /^\+[\d\s().-]+$/.test(bare) ? bare.replace(/[\s().-]/g, "") : bare;
}

function groupName(key: string, chats: readonly KnownChat[]): string {
  const bare = key.replace(/^chat_(guid|identifier|id):/i, "");
  const tail = bare.split(";").at(-1);
  const chat = chats.find(
    ({ guid, identifier }) =>
      guid === bare || identifier === bare || (bare.includes(";") && guid.split(";").at(-1) === tail),
  );
  return chat === undefined ? bare : String(chat.id);
}

/** @returns the region in which an account will read numbers, of a configuration of which variables may be missing */
export function importedRegion(
  config: Tree,
  account: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const block = ownBlock(config) ?? {};
  const own = Object.entries(treeOf(block.accounts)).find(([id]) => normalizeId(id) === account)?.[1];
  const region = substitute(treeOf(own).region ?? block.region, env).value;
  return typeof region === "string" && region !== "" ? region : accountDefaults.region;
}

/** @returns the block of iMessage in our own configuration */
export function ownBlock(config: Tree): Tree | undefined {
  const block = treeOf(config.channels).imessage;
  return isTree(block) ? block : undefined;
}
