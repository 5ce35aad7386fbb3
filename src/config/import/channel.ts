import { type ConfigPath, formatPath } from "../path.js";
import { addressProblem } from "../schema/addresses.js";
import { isTree, type Move, movesOf, type Tree, treeOf, without } from "./report.js";

/** A chat as a bridge lists it; enough to find a group's `chat_id` by its GUID. */
export interface KnownChat {
  id: number;
  guid: string;
  identifier: string;
}

const target: ConfigPath = ["channels", "imessage"];

/** How the block of the other system differs from ours. */
export interface BlockKind {
  /** Keys of the transport, which has no counterpart. */
  transport: readonly string[];
  whyTransport: string;
  /** Whether `groups` is keyed by GUID instead of `chat_id`. */
  groupsByGuid: boolean;
  /** The default where it is not ours and decides who may talk. */
  groupPolicy?: "open";
}

export const imessageBlock: BlockKind = { transport: [], whyTransport: "", groupsByGuid: false };

export const clawdbotBlock: BlockKind = { ...imessageBlock, groupPolicy: "open" };

export const bluebubblesBlock: BlockKind = {
  transport: ["serverUrl", "password", "webhookPath", "webhookUrl"],
  whyTransport: "there is no server any more: messages come from imsg directly",
  groupsByGuid: true,
};

/** Translates a channel's block with its accounts. @param from where the block stands in the other file */
export function channelMoves(
  block: Tree,
  from: ConfigPath,
  kind: BlockKind,
  chats: readonly KnownChat[],
): Move[] {
  const accounts = Object.entries(treeOf(block.accounts));
  const shared = sharesNumbers(block, accounts, kind, chats);
  const moves = accountMoves(without(block, "accounts"), {}, { from, to: target }, { kind, chats, shared });
  const there = (at: ConfigPath, to: ConfigPath): Move => ({ from: at, to, value: {}, quiet: true });
  moves.push(there(from, target));
  // With every account left out, the channel's own settings would serve one that was not there before.
  if (accounts.length > 0 && !accounts.some(([id]) => /[A-Za-z0-9]/.test(id)))
    moves.unshift({
      from: [...from, "accounts"],
      to: [...target, "enabled"],
      value: false,
      why: "none of the account ids has a letter or a digit; nothing is served until they are renamed",
    });
  for (const [id, account] of accounts)
    moves.push(
      there([...from, "accounts", id], [...target, "accounts", id]),
      ...accountMoves(
        treeOf(account),
        block,
        { from: [...from, "accounts", id], to: [...target, "accounts", id] },
        { kind, chats, shared: shared && treeOf(account).groups === undefined },
      ),
    );
  if (kind.groupPolicy !== undefined && block.groupPolicy === undefined)
    moves.push({
      from: [...from, "groupPolicy"],
      to: [...target, "groupPolicy"],
      value: kind.groupPolicy,
      why: `the default was "${kind.groupPolicy}" there and is "allowlist" here, so it is written out`,
    });
  return moves;
}

/**
 * Whether several accounts take groups from the channel that are named by number: here a number is a chat of one account.
 */
function sharesNumbers(
  { groups }: Tree,
  accounts: readonly [string, unknown][],
  kind: BlockKind,
  chats: readonly KnownChat[],
): boolean {
  const heirs = accounts.map(([, own]) => treeOf(own)).filter((own) => own.groups === undefined);
  const isNumber = (id: string | undefined) => id !== undefined && id !== "*";
  return (
    heirs.filter(({ enabled }) => enabled !== false).length > 1 &&
    Object.keys(treeOf(groups)).some((key) => isNumber(groupKey(key, kind, chats)))
  );
}

/** How the other file names groups. */
interface GroupNaming {
  kind: BlockKind;
  chats: readonly KnownChat[];
  /** What the channel says of groups by their numbers holds for several accounts, this one among them. */
  shared: boolean;
}

function accountMoves(
  block: Tree,
  channel: Tree,
  { from, to }: { from: ConfigPath; to: ConfigPath },
  naming: GroupNaming,
): Move[] {
  const { kind, chats, shared } = naming;
  const moves: Move[] = [];
  // A value of the account's own block holds, even where it is null.
  const { allowFrom, dmPolicy, groups } = { ...channel, ...block };
  const isHalfOpen = dmPolicy === "open" && !listOf(allowFrom).includes("*");
  if (isHalfOpen && (block.dmPolicy !== undefined || block.allowFrom !== undefined))
    moves.push({
      from: [...from, block.dmPolicy === undefined ? "allowFrom" : "dmPolicy"],
      to: [...to, "dmPolicy"],
      value: "allowlist",
      why: '"open" without "*" let in only those in allowFrom',
    });
  // Without the entries that said which groups are served, all groups would be served, those that were off among them.
  const isOrphan = shared && to.length > target.length;
  if (isOrphan)
    moves.push({
      from: block.groupPolicy === undefined ? [...from.slice(0, -2), "groups"] : [...from, "groupPolicy"],
      to: [...to, "groupPolicy"],
      value: "disabled",
      why: `it took its groups from the channel, by number; groups stay closed until ${formatPath([...to, "groups"])} names its own`,
    });
  const isClosed =
    (block.groups !== undefined || block.groupPolicy !== undefined) && isLost(treeOf(groups), kind, chats);
  // Where no entry is left, nothing says which groups are served, and all would be. This move comes first, so that no
  // groupPolicy of the other file holds instead.
  if (isClosed && !isOrphan)
    moves.push({
      from: [...from, block.groups === undefined ? "groupPolicy" : "groups"],
      to: [...to, "groupPolicy"],
      value: "disabled",
      why: "none of its groups could be found here; groups stay closed until they are named by chat_id",
    });
  for (const [key, value] of Object.entries(block)) {
    const at = { from: [...from, key], to: [...to, key] };
    if (kind.transport.includes(key)) moves.push({ ...at, to: undefined, value, why: kind.whyTransport });
    else if (key === "streaming" || key === "blockStreaming")
      moves.push(...streamingMoves(key, value, from, to));
    else if (key === "allowFrom" || key === "groupAllowFrom")
      moves.push(...addressMoves(value, at.from, at.to));
    else if (key === "groups") moves.push(...groupMoves(treeOf(value), at.from, to, naming));
    else if (key === "groupPolicy" && (isOrphan || (isClosed && block.groups === undefined))) continue;
    else if (key !== "dmPolicy" || !isHalfOpen) moves.push(...movesOf({ [key]: value }, from, to));
  }
  return moves;
}

/** Newer versions nest the chunk mode and the mode of streaming. */
function streamingMoves(key: string, value: unknown, from: ConfigPath, to: ConfigPath): Move[] {
  const streaming = (on: boolean, path: ConfigPath): Move => ({
    from: path,
    to: [...to, "streaming"],
    value: on ? "block" : "final",
    why: on ? "answers are sent block by block" : "answers are sent when the turn ends",
  });
  if (!isTree(value)) {
    if (value === "block" || value === "final") return [{ from: [...from, key], to: [...to, key], value }];
    return [streaming(value === true, [...from, key])];
  }
  const block = treeOf(value.block);
  const on = value.mode === "block" || block.enabled === true;
  return Object.entries(value).flatMap(([name, inner]): Move[] => {
    const path = [...from, key, name];
    if (name === "chunkMode")
      return [{ from: path, to: [...to, "chunkMode"], value: inner, why: "chunkMode stands by itself here" }];
    if (name === "mode" || (name === "block" && block.enabled !== undefined)) return [streaming(on, path)];
    return [{ from: path, to: undefined, value: inner, why: "Messages shows no drafts" }];
  });
}

/** Keeps the good entries of a list of people: a bad entry must not take the others along, nor make the list unset. */
export function addressMoves(value: unknown, from: ConfigPath, to: ConfigPath): Move[] {
  const dropped: Move[] = [];
  let changed = !Array.isArray(value);
  const kept = listOf(value).flatMap((entry, index) => {
    const { address, why } = readAddress(entry);
    if (why !== undefined) changed = true;
    if (address !== undefined) return [address];
    dropped.push({
      from: [...from, index],
      to: undefined,
      value: entry,
      why,
    });
    return [];
  });
  const note = changed ? { why: "entries are written as text that can be matched here" } : {};
  return [{ from, to, value: kept, ...note }, ...dropped];
}

function readAddress(entry: unknown): { address?: string; why?: string } {
  if (typeof entry === "number" && Number.isSafeInteger(entry))
    return { address: entry >= 1e9 ? `+${entry}` : String(entry), why: "a number" };
  if (typeof entry !== "string") return { why: "this is not a handle" };
  const address = entry.replace(/^bluebubbles:/i, "").trim();
  const problem = addressProblem(address);
  if (problem !== undefined) return { why: problem };
  return address === entry ? { address } : { address, why: "without the prefix" };
}

function groupMoves(
  groups: Tree,
  from: ConfigPath,
  to: ConfigPath,
  { kind, chats, shared }: GroupNaming,
): Move[] {
  // An account's own list replaces the channel's, even where it is empty.
  if (Object.keys(groups).length === 0) return [{ from, to: [...to, "groups"], value: {} }];
  const taken = new Map<string, string>();
  return Object.entries(groups).flatMap(([key, group]): Move[] => {
    const id = groupKey(key, kind, chats);
    const same = id === undefined ? undefined : taken.get(id);
    if (same !== undefined)
      return [
        { from: [...from, key], to: undefined, value: group, why: `${same} names the same group, and holds` },
      ];
    if (id !== undefined) taken.set(id, key);
    if (shared && id !== undefined && id !== "*")
      return [
        {
          from: [...from, key],
          to: undefined,
          value: group,
          why: `${id} is another chat on each account; name it under ${formatPath([...target, "accounts"])}, in the groups of the account that has this chat`,
        },
      ];
    if (id === undefined)
      return [
        {
          from: [...from, key],
          to: undefined,
          value: group,
          why: "its chat_id is not known: no account that could be asked has a chat with this GUID",
        },
      ];
    const why = id === key ? undefined : `groups are named by chat_id here; this one is ${id}`;
    return entryMoves(treeOf(group), [...from, key], [...to, "groups", id], why);
  });
}

/** Whether groups are listed, and not one of them is known here. */
function isLost(groups: Tree, kind: BlockKind, chats: readonly KnownChat[]): boolean {
  const keys = Object.keys(groups);
  return keys.length > 0 && keys.every((key) => groupKey(key, kind, chats) === undefined);
}

/** @returns whether a block or one of its accounts names groups in a way that only a list of the chats can tell */
export function namesGroupsByGuid(block: Tree, kind: BlockKind): boolean {
  return [block, ...Object.values(treeOf(block.accounts)).map(treeOf)].some(({ groups }) =>
    Object.keys(treeOf(groups)).some((key) => groupKey(key, kind, []) === undefined),
  );
}

function entryMoves(group: Tree, from: ConfigPath, to: ConfigPath, why: string | undefined): Move[] {
  if (Object.keys(group).length === 0) return movesOf({}, from, to, why);
  const moves = Object.entries(group).flatMap(([key, value]) =>
    key === "allowFrom"
      ? addressMoves(value, [...from, key], [...to, key])
      : movesOf({ [key]: value }, from, to, why),
  );
  // That there is an entry says that this group is served and others are not, whatever becomes of its settings.
  return [{ from, to, value: {}, quiet: true }, ...moves];
}

function groupKey(key: string, kind: BlockKind, chats: readonly KnownChat[]): string | undefined {
  if (key === "*") return key;
  const digits = /^(?:chat_id:)?([1-9]\d*)$/i.exec(key.trim())?.[1];
  if (digits !== undefined && (!kind.groupsByGuid || /^chat_id:/i.test(key))) return digits;
  const bare = key.trim().replace(/^chat_(guid|identifier):/i, "");
  const tail = bare.split(";").at(-1);
  const chat =
    chats.find(({ guid, identifier }) => guid === bare || identifier === bare) ??
    // macOS 26 writes `any;+;…` where earlier versions wrote the service.
    chats.find(({ guid }) => bare.includes(";") && guid.split(";").at(-1) === tail);
  return chat === undefined ? undefined : String(chat.id);
}

/** @returns a list as it is, nothing as an empty list, any other value as a list of one */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
