import {
  isTree,
  listOf,
  type Move,
  missingIn,
  movesOf,
  type Tree,
  treeOf,
  whyUnset,
  without,
  withValues,
} from "../../config/fitting/index.js";
import { type ConfigPath, normalizeId } from "../../config/index.js";
import { normalizeHandle } from "../../conversation/index.js";
import { type AccountThere, idThere } from "../there/accounts.js";
import { normalForm, readEntry } from "../there/entries.js";
import { type Naming, namesSame } from "./addresses.js";

/** What bindings are translated by. */
export interface BindingOptions {
  naming: Naming;
  /** Accounts that are served there. */
  accounts: readonly Pick<AccountThere, "id" | "here">[];
  /** Who answers there by our id, also in the place of an agent that does not exist; undefined where nobody does. */
  substitute(agentId: string): string | undefined;
}

interface Peer {
  kind: "direct" | "group";
  id: string;
}

/** Translates bindings; those that could match nothing there are left out whole. @param at where the list stands */
export function bindingMoves(bindings: unknown, at: ConfigPath, options: BindingOptions): Move[] {
  let index = 0;
  return listOf(bindings).flatMap((written, position): Move[] => {
    const binding = treeOf(written);
    const from = [...at, position];
    const meant = withValues(binding, options.naming.env);
    const read = readBinding(binding, meant, options);
    if ("why" in read) return [{ from, to: undefined, value: written, ...read }];
    // A number is another chat on each account, so each gets a binding of its own.
    return read.accounts.flatMap((account) => {
      const to: ConfigPath = ["bindings", index++];
      const match = treeOf(binding.match);
      return [
        ...agentMoves(binding.agentId, meant.agentId, { from, to, options }),
        ...movesOf(without(binding, "match", "agentId", "session"), from, to),
        ...matchMoves(match, { account, peer: read.peer }, [...from, "match"], [...to, "match"]),
        ...sessionMoves(binding.session, [...from, "session"]),
      ];
    });
  });
}

/** From one memory for all to one for each person on each account. */
const scopes = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];

/**
 * There is one scope of direct chats here, so the narrowest one that was named holds: nobody shares a memory with people
 * from whom they were apart. @returns nothing where no binding names a scope
 */
export function narrowestScope(old: Tree): string | undefined {
  const named = listOf(old.bindings).map((one) => treeOf(treeOf(one).session).dmScope);
  const known = [...named, treeOf(old.session).dmScope].flatMap((scope) => scopes.indexOf(String(scope)));
  return named.every((scope) => scope === undefined) ? undefined : scopes[Math.max(0, ...known)];
}

function sessionMoves(session: unknown, from: ConfigPath): Move[] {
  return Object.entries(treeOf(session)).map(([key, value]): Move => {
    const path = [...from, key];
    if (key === "dmScope")
      return {
        from: path,
        to: undefined,
        value,
        why: "there is one session.dmScope here, and the narrowest that was named holds for all",
      };
    const why =
      key === "groupScope" ? "each group has a session of its own here" : "there is no such setting here";
    return { from: path, to: undefined, value, why };
  });
}

/** @param meant the binding with values in the place of its variables */
function readBinding(
  written: Tree,
  { type, match: value }: Tree,
  { naming, accounts }: BindingOptions,
): { accounts: (string | undefined)[]; peer: Peer | undefined } | { why: string; aside?: true } {
  const { channel } = naming.traits;
  const match = treeOf(value);
  const raw = treeOf(written.match);
  const named = String(match.channel ?? match.provider ?? "");
  if (named.trim().toLowerCase() !== channel)
    return { why: `it is for ${String(raw.channel ?? raw.provider ?? "") || "no"} messages`, aside: true };
  const narrower = ["guildId", "teamId", "roles"].filter((key) => match[key] !== undefined);
  if (narrower.length > 0) return { why: `no message of this channel has ${narrower.join(" or ")}` };
  const unset = undecided(written, naming.env);
  if (unset.length > 0) return { why: whyUnset(unset) };
  const isSession = type === "acp";
  const isOfAll = match.peer === undefined || match.peer === null;
  const peer = isOfAll ? undefined : readPeer(raw.peer, match.peer, isSession, naming);
  if (peer === null) return { why: "its peer was written in a form that matched no message there" };
  const account = typeof match.accountId === "string" ? match.accountId.trim() : "";
  if (account === "*") {
    const isNumber = peer?.id.startsWith("chat_id:") === true && accounts.length > 1;
    return { accounts: isNumber ? accounts.flatMap(({ here }) => here ?? []) : ["*"], peer };
  }
  const id = account === "" ? "default" : idThere(account);
  const here = accounts.find((one) => one.id === id)?.here;
  if (account !== "") {
    const isSame = here === undefined || here === normalizeId(account);
    return { accounts: [isSame ? String(raw.accountId).trim() : here], peer };
  }
  if (accounts.length === 1 && here === "default") return { accounts: [undefined], peer };
  return here !== undefined
    ? { accounts: [here], peer }
    : { why: 'without an accountId it was for the account "default", which there is not' };
}

/** The variables without a value that decide who answers whom; a person's may still be any, and is known when the gateway runs. */
function undecided({ agentId, match }: Tree, env: Naming["env"]): string[] {
  const { kind, id } = treeOf(treeOf(match).peer);
  const isPerson = typeof kind === "string" && /^\s*(direct|dm)\s*$/i.test(kind);
  return missingIn([agentId, kind, isPerson ? "" : id], env);
}

/** @param raw as it is written @returns null for one that matched nothing there */
function readPeer(raw: unknown, meant: unknown, isSession: boolean, naming: Naming): Peer | null {
  const { traits } = naming;
  const { kind: word, id: value } = treeOf(meant);
  const id = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  const name = typeof word === "string" ? word.trim().toLowerCase() : "";
  const kind =
    name === "direct" || name === "dm" ? "direct" : name === "group" || name === "channel" ? "group" : null;
  if (id === "" || kind === null) return null;
  if (id === "*") return traits.unrouted === "nobody" && !isSession ? { kind, id } : null;
  const entry = readEntry(id, { ...traits, accessGroups: false });
  const peer =
    isSession || traits.groupsByGuid ? inAnyForm(id, kind, entry, naming) : plainPeer(id, kind, naming);
  // A variable stays where its value is written as it is, with or without a prefix.
  const text = String(treeOf(raw).id).trim();
  return peer?.id.endsWith(id) ? { ...peer, id: `${peer.id.slice(0, -id.length)}${text}` } : peer;
}

function plainPeer(id: string, kind: Peer["kind"], naming: Naming): Peer | null {
  if (kind === "group") return /^[1-9]\d*$/.test(id) ? { kind, id: `chat_id:${id}` } : null;
  return normalForm(id, naming.traits.plusForAll) === id && namesHere(id, naming) ? { kind, id } : null;
}

/** ACP sessions and BlueBubbles named a chat in any form. */
function inAnyForm(
  id: string,
  kind: Peer["kind"],
  entry: ReturnType<typeof readEntry>,
  naming: Naming,
): Peer | null {
  if (/^[A-Za-z]+;[+-];/.test(id)) return { kind, id: `chat_guid:${id}` };
  if (entry?.kind === "chat_id") return { kind: "group", id: `chat_id:${entry.id}` };
  if (entry?.kind === "chat_guid" || entry?.kind === "chat_identifier")
    return { kind: "group", id: `${entry.kind}:${entry.text}` };
  if (entry?.kind !== "handle") return null;
  if (kind === "group") return /^[1-9]\d*$/.test(id) ? { kind, id: `chat_id:${id}` } : null;
  return namesHere(entry.handle, naming) ? { kind, id: entry.handle } : null;
}

function namesHere(handle: string, { traits, regions }: Naming): boolean {
  return regions.every((region) => namesSame(normalizeHandle(handle, region), handle, traits));
}

/** A binding to an agent that is not there went to another one, or left its people without an answer. */
function agentMoves(
  written: unknown,
  agentId: unknown,
  { from, to, options }: { from: ConfigPath; to: ConfigPath; options: BindingOptions },
): Move[] {
  const path = [...from, "agentId"];
  const place = [...to, "agentId"];
  if (typeof agentId !== "string") return [{ from: path, to: place, value: written }];
  const answers = options.substitute(agentId);
  return answers === undefined || answers === normalizeId(agentId)
    ? [{ from: path, to: place, value: written }]
    : [
        {
          from: path,
          to: place,
          value: answers,
          why: `there is no agent ${agentId}, and ${answers} answered`,
        },
      ];
}

function matchMoves(
  match: Tree,
  read: { account: string | undefined; peer: Peer | undefined },
  from: ConfigPath,
  to: ConfigPath,
): Move[] {
  const named = match.channel === undefined ? "provider" : "channel";
  const note =
    match.channel === "imessage" ? {} : { why: "the channel is imessage here", aside: true as const };
  const moves: Move[] = [{ from: [...from, named], to: [...to, "channel"], value: "imessage", ...note }];
  if (read.account !== undefined)
    moves.push({
      from: [...from, "accountId"],
      to: [...to, "accountId"],
      value: read.account,
      ...(match.accountId === read.account ? {} : { why: "the account for which it was is written out" }),
    });
  const rest = without(match, named, "peer", "accountId");
  moves.push(...movesOf(rest, from, to).filter(({ value }) => !isTree(value)));
  for (const [key, value] of Object.entries(treeOf(match.peer))) {
    const here = key === "id" ? read.peer!.id : key === "kind" ? read.peer!.kind : value;
    const isSame = here === value || (here === "direct" && value === "dm");
    const why = isSame ? {} : { why: "a chat is named with what it is named by", aside: true as const };
    moves.push({
      from: [...from, "peer", key],
      to: [...to, "peer", key],
      value: isSame ? value : here,
      ...why,
    });
  }
  return moves;
}
