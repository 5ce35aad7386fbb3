import {
  isTree,
  listOf,
  type Move,
  movesOf,
  type Tree,
  treeOf,
  without,
} from "../../config/fitting/index.js";
import type { ConfigPath } from "../../config/index.js";
import { formatPath } from "../../config/index.js";
import type { Block } from "../dialects.js";
import type { Traits } from "../there/traits.js";
import { type Naming, namesChats, namesEveryone } from "./addresses.js";
import { groupMoves, isLost, type KnownChat } from "./groups.js";
import { peopleMoves } from "./people.js";
import { streamingMoves } from "./streaming.js";

const target: ConfigPath = ["channels", "imessage"];
const defaultRoot = "/Users/*/Library/Messages/Attachments";

/** Keys of BlueBubbles' server. */
const transport = ["serverUrl", "password", "webhookPath", "webhookUrl"];

/** What the translation of a channel is made from, beside its block. */
export interface ChannelOptions {
  naming: Naming;
  chats: readonly KnownChat[];
  /** `channels.defaults.groupPolicy` of the other file. */
  generalPolicy: unknown;
}

interface Account {
  block: Tree;
  /** The channel's block; empty for the channel itself. */
  channel: Tree;
  to: ConfigPath;
  /** Where a key of the account stands in the other file. */
  from(key: string): ConfigPath;
}

/** Translates a channel's block with its accounts. */
export function channelMoves({ block, path: from }: Block, options: ChannelOptions): Move[] {
  const { naming, generalPolicy } = options;
  const { traits } = naming;
  const accounts = inOrder(accountsOf(block, traits), block);
  const handed = handedDown(block, accounts, naming);
  const channel = without(block, "accounts", ...handed);
  const there = (at: ConfigPath, to: ConfigPath): Move => ({ from: at, to, value: {}, quiet: true });
  const moves = [
    ...namedDefault(block, accounts, from),
    ...accountMoves({ block: channel, channel: {}, to: target, from: (key) => [...from, key] }, options),
    there(from, target),
  ];
  // With every account left out, the channel's own settings would serve one that was not there before.
  if (accounts.length > 0 && !accounts.some(([id]) => /[A-Za-z0-9]/.test(id)))
    moves.unshift({
      from: [...from, "accounts"],
      to: [...target, "enabled"],
      value: false,
      why: "none of the account ids has a letter or a digit; nothing is served until they are renamed",
    });
  for (const [id, written] of accounts) {
    const at = [...from, "accounts", id];
    const to = [...target, "accounts", id];
    const isImplicit = treeOf(block.accounts)[id] === undefined;
    const own = ownSettings(treeOf(written), block, accounts.length, traits);
    const inherited = handed.filter((key) => own[key] === undefined);
    const copies = Object.fromEntries(inherited.map((key) => [key, block[key]]));
    moves.push(
      isImplicit
        ? {
            from,
            to,
            value: {},
            why: "the channel's own cliPath or dbPath made an account of this name, beside the others",
          }
        : there(at, to),
      ...enabledMoves(own, block, [...at, "enabled"], to, from),
      ...accountMoves(
        {
          block: { ...own, ...copies },
          channel,
          to,
          from: (key) => (inherited.includes(key) ? [...from, key] : [...at, key]),
        },
        options,
      ).map((move) => (isCopied(move, from, inherited) ? { ...move, why: move.why ?? ofOneAccount } : move)),
    );
  }
  const isGeneral = generalPolicy !== undefined && generalPolicy !== "allowlist";
  if (block.groupPolicy === undefined && (traits.groupPolicy !== "allowlist" || isGeneral))
    moves.push({
      from: [...from, "groupPolicy"],
      to: [...target, "groupPolicy"],
      value: traits.groupPolicy,
      why: isGeneral
        ? `the channel's own default, "${traits.groupPolicy}", came before channels.defaults there, so it is written out`
        : `the default was "${traits.groupPolicy}" there and is "allowlist" here, so it is written out`,
    });
  return moves;
}

const ofOneAccount =
  "a number is a chat of one account here, so each account that took it from the channel has it itself";

function isCopied({ from }: Move, channel: ConfigPath, keys: readonly string[]): boolean {
  return from.length > channel.length && keys.includes(String(from[channel.length]));
}

/**
 * Lists of the channel that name chats by number and are taken by several accounts: here a number is a chat of one account,
 * so each account gets its own copy.
 */
function handedDown(block: Tree, accounts: readonly [string, unknown][], naming: Naming): string[] {
  return ["allowFrom", "groupAllowFrom", "groups"].filter((key) => {
    const heirs = accounts.map(([, own]) => treeOf(own)).filter((own) => own[key] === undefined);
    if (heirs.length < 2) return false;
    if (key === "groups") return Object.keys(treeOf(block.groups)).some((id) => id !== "*");
    return namesChats(block[key], naming);
  });
}

/** Accounts as they are written, and the one that the channel's own path to a Mac made. */
function accountsOf(block: Tree, { implicitDefault }: Traits): [string, unknown][] {
  const written = Object.entries(treeOf(block.accounts)).filter(([id]) => id !== "");
  const hasPath = [block.cliPath, block.dbPath].some(
    (path) => typeof path === "string" && path.trim() !== "",
  );
  const hasDefault = written.some(([id]) => id.trim().toLowerCase() === "default");
  return implicitDefault && hasPath && written.length > 0 && !hasDefault
    ? [...written, ["default", {}]]
    : written;
}

/**
 * Of accounts that watch one database the first is served here; there, the first by name was, and `default` only where it
 * was alone.
 */
function inOrder(accounts: [string, unknown][], block: Tree): [string, unknown][] {
  const places = accounts.map(([, own]) => {
    const { cliPath = "imsg", dbPath, remoteHost } = { ...block, ...treeOf(own) };
    return JSON.stringify([cliPath, dbPath, remoteHost]);
  });
  if (new Set(places).size === places.length) return accounts;
  const last = (id: string) => (id === "default" ? 1 : 0);
  return [...accounts].sort(([one], [other]) => last(one) - last(other) || one.localeCompare(other));
}

/** What of an account's own settings holds. */
function ownSettings(own: Tree, block: Tree, count: number, traits: Traits): Tree {
  const isEmpty = isTree(own.groups) && Object.keys(own.groups).length === 0;
  return traits.emptyGroupsInherit && isEmpty && count < 2 && block.groups !== undefined
    ? without(own, "groups")
    : own;
}

/** Nothing of a channel that was off was served, whatever its accounts say. */
function enabledMoves(own: Tree, block: Tree, from: ConfigPath, to: ConfigPath, channel: ConfigPath): Move[] {
  if (block.enabled !== false || own.enabled === undefined || own.enabled === false) return [];
  return [
    {
      from,
      to: [...to, "enabled"],
      value: false,
      why: `${formatPath([...channel, "enabled"])} was false, and no account was served`,
    },
  ];
}

/** A default account that is not among the accounts was passed over there. */
function namedDefault(block: Tree, accounts: readonly [string, unknown][], from: ConfigPath): Move[] {
  const named = block.defaultAccount;
  if (named === undefined) return [];
  const ids = accounts.length === 0 ? ["default"] : accounts.map(([id]) => id.trim().toLowerCase());
  const path: ConfigPath = [...from, "defaultAccount"];
  if (typeof named === "string" && ids.includes(named.trim().toLowerCase()))
    return [{ from: path, to: [...target, "defaultAccount"], value: named }];
  const used = ids.includes("default") ? "default" : ids[0];
  return [
    {
      from: path,
      to: undefined,
      value: named,
      why: `there is no account of this name; ${used} was used there`,
    },
  ];
}

function accountMoves(account: Account, { naming, chats }: ChannelOptions): Move[] {
  const { block, channel, from, to } = account;
  const groups = { byGuid: naming.traits.groupsByGuid, chats };
  const moves: Move[] = [];
  // A value of the account's own block holds, even where it is null.
  const merged = { ...channel, ...block };
  const isHalfOpen = merged.dmPolicy === "open" && !namesEveryone(merged.allowFrom, naming);
  if (isHalfOpen && (block.dmPolicy !== undefined || block.allowFrom !== undefined))
    moves.push({
      from: from(block.dmPolicy === undefined ? "allowFrom" : "dmPolicy"),
      to: [...to, "dmPolicy"],
      value: "allowlist",
      why: '"open" without "*" let in only those in allowFrom',
    });
  const isClosed =
    (block.groups !== undefined || block.groupPolicy !== undefined) && isLost(treeOf(merged.groups), groups);
  // Where no entry is left, nothing says which groups are served, and all would be. This move comes first, so that no
  // groupPolicy of the other file holds instead.
  if (isClosed)
    moves.push({
      from: from(block.groups === undefined ? "groupPolicy" : "groups"),
      to: [...to, "groupPolicy"],
      value: "disabled",
      why: "none of its groups could be found here; groups stay closed until they are named by chat_id",
    });
  moves.push(...peopleMoves(account, naming));
  for (const [key, value] of Object.entries(
    without(block, "allowFrom", "groupAllowFrom", "defaultAccount"),
  )) {
    const at = from(key);
    if (naming.traits.groupsByGuid && transport.includes(key))
      moves.push({
        from: at,
        to: undefined,
        value,
        why: "there is no server any more: messages come from imsg directly",
      });
    else if (key === "streaming" || key === "blockStreaming")
      moves.push(...streamingMoves(key, value, at, to));
    else if (key === "groups") moves.push(...groupMoves(treeOf(value), at, to, groups));
    else if (key === "groupPolicy" && isClosed && block.groups === undefined) continue;
    else if (isRoots(key) && naming.traits.rootsAreAdded && !listOf(value).includes(defaultRoot))
      moves.push({
        from: at,
        to: [...to, key],
        value: [...listOf(value), defaultRoot],
        why: "the list stood beside the default there, and stands in its place here",
      });
    else if (key !== "dmPolicy" || !isHalfOpen) moves.push(...movesOf({ [key]: value }, at.slice(0, -1), to));
  }
  return moves;
}

const isRoots = (key: string) => key === "attachmentRoots" || key === "remoteAttachmentRoots";
