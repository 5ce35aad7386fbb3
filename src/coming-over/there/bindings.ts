import { listOf, type Tree, treeOf } from "../../config/fitting/index.js";
import type { Probe } from "../probe.js";
import { idThere } from "./accounts.js";
import { normalForm, readEntry } from "./entries.js";
import type { Traits } from "./traits.js";

/** What the bindings of the other system say of a message. */
export interface Bindings {
  /**
   * @returns `routed`, the agent of the most specific route, and `session`, that of the ACP session to which the chat is
   *   bound; each undefined where no binding matches
   */
  find(probe: Probe, isGroup: boolean): { routed: string | undefined; session: string | undefined };
}

interface Binding {
  agent: string;
  /** `"*"`: any. */
  account: string;
  kind?: "direct" | "group";
  /** As written. Absent: everybody; `"*"`: all of the kind. */
  peer?: string;
}

/** @returns every binding of the whole file of the other system, wherever it stands */
export function bindingsIn(old: Tree): Tree[] {
  return [old.bindings, treeOf(old.routing).bindings].flatMap(listOf).map(treeOf);
}

/** @param old the whole file of the other system */
export function bindingsThere(old: Tree, traits: Traits): Bindings {
  const written = bindingsIn(old);
  const isSession = ({ type }: Tree) => type === "acp";
  const routes = written.filter((one) => !isSession(one)).flatMap((one) => readBinding(one, traits));
  const sessions = written.filter(isSession).flatMap((one) => readBinding(one, traits));
  return {
    find(probe, isGroup) {
      const concerns = ({ account }: Binding) => account === "*" || account === probe.account;
      const kind = isGroup ? "group" : "direct";
      const peer = peerOf(probe, isGroup, traits);
      const own = routes.filter(concerns);
      const route =
        own.find((one) => one.kind === kind && one.peer === peer) ??
        // Only later releases knew all of a kind.
        (traits.unrouted === "nobody"
          ? own.find((one) => one.kind === kind && one.peer === "*")
          : undefined) ??
        own.find((one) => one.peer === undefined && one.account !== "*") ??
        own.find((one) => one.peer === undefined);
      const session = sessions.find((one) => concerns(one) && conversationOf(one.peer, traits) === peer);
      return { routed: route?.agent, session: session?.agent };
    },
  };
}

/** How a message's peer is named: by the number of its group, or by its sender. */
function peerOf({ chat, sender }: Probe, isGroup: boolean, { groupsByGuid, plusForAll }: Traits): string {
  if (!isGroup) return normalForm(sender, plusForAll);
  return groupsByGuid ? chat.guid || chat.identifier : String(chat.id);
}

/** An ACP binding names its chat in any form. */
function conversationOf(peer: string | undefined, traits: Traits): string | undefined {
  const entry = peer === undefined ? undefined : readEntry(peer, traits);
  if (entry?.kind === "handle") return entry.handle;
  if (entry?.kind === "chat_id") return String(entry.id);
  return entry?.kind === "chat_guid" || entry?.kind === "chat_identifier" ? entry.text : undefined;
}

/** @returns nothing for a binding that could never match a message of the channel */
function readBinding(binding: Tree, { channel, unrouted }: Traits): Binding[] {
  const match = treeOf(binding.match);
  const named = String(match.channel ?? match.provider ?? "")
    .trim()
    .toLowerCase();
  if (named !== channel) return [];
  if ([match.guildId, match.teamId, match.roles].some((value) => value !== undefined && value !== null))
    return [];
  const written = typeof match.accountId === "string" ? match.accountId.trim() : "";
  const isExact = unrouted === "default";
  const account = written === "*" ? "*" : isExact ? written || "default" : (idThere(written) ?? "default");
  const agent = typeof binding.agentId === "string" ? binding.agentId : "";
  if (match.peer === undefined || match.peer === null) return [{ agent, account }];
  const { kind, id } = treeOf(match.peer);
  const peer = typeof id === "string" || typeof id === "number" ? String(id).trim() : "";
  const known = kindOf(kind);
  return known === undefined || peer === "" ? [] : [{ agent, account, kind: known, peer }];
}

function kindOf(kind: unknown): "direct" | "group" | undefined {
  const name = typeof kind === "string" ? kind.trim().toLowerCase() : "";
  if (name === "direct" || name === "dm") return "direct";
  return name === "group" || name === "channel" ? "group" : undefined;
}
