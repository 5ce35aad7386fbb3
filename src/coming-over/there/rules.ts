import { isTree, listOf, type Tree, treeOf } from "../../config/fitting/index.js";
import { type Outcome, type Probe, type Rules, refused } from "../probe.js";
import { type AccountThere, accountsThere } from "./accounts.js";
import { agentsThere } from "./agents.js";
import { type Entry, normalForm, readEntry } from "./entries.js";
import type { Traits } from "./traits.js";

/** What is asked of another system's rules. */
export interface ThereInput {
  /** The whole file, variables filled in. */
  old: Tree;
  /** The block of the channel. */
  block: Tree;
  traits: Traits;
  /** By the accounts' ids there. */
  approved: readonly { account: string; handle: string }[];
}

/**
 * The rules of the other system: who was answered, by which agent. Written from its documents (pages on access control,
 * groups, access groups, pairing and routing), for the question that both rule sets are asked. Accounts and agents are named
 * by their ids here.
 */
export function rulesThere({ old, block, traits, approved }: ThereInput): Rules {
  const accounts = new Map(
    // One that is left out here is asked about by a name that no account of ours has.
    accountsThere(block, traits).map((account) => [account.here ?? `${account.id} (left out)`, account]),
  );
  const agents = agentsThere(old, traits);
  const lists = new Lists(treeOf(old.accessGroups), traits);
  const mentionByDefault = treeOf(treeOf(old.routing).groupChat).requireMention;

  function admit(probe: Probe, account: AccountThere): Outcome["kind"] {
    const { settings } = account;
    const policy = settings.dmPolicy ?? "pairing";
    if (policy === "disabled") return "refused";
    const own = lists.read(settings.allowFrom);
    if (lists.has(own, probe, traits.chatsInDirect)) return "answered";
    const counts = policy === "pairing" || (traits.approvals === "everywhere" && policy === "allowlist");
    if (counts && isApproved(probe)) return "answered";
    return policy === "pairing" ? "code" : "refused";
  }

  const formOf = (handle: string) => normalForm(handle, traits.plusForAll);
  const approvals = new Set(approved.map(({ account, handle }) => `${account} ${formOf(handle)}`));
  const isApproved = ({ account, sender }: Probe) => approvals.has(`${account} ${formOf(sender)}`);

  function admitGroup(probe: Probe, { settings, groups }: AccountThere): boolean {
    const policy = settings.groupPolicy ?? traits.groupPolicy;
    if (policy === "disabled") return false;
    if (policy !== "open") {
      const { allowFrom, groupAllowFrom } = settings;
      const isUnset =
        groupAllowFrom === undefined ||
        groupAllowFrom === null ||
        // BlueBubbles took an empty list for none.
        (traits.groupsByGuid && listOf(groupAllowFrom).length === 0);
      const list = lists.read(isUnset ? allowFrom : groupAllowFrom);
      const isListed = lists.has(list, probe, true);
      if (!isListed && !(traits.approvals === "everywhere" && isApproved(probe))) return false;
    }
    const isLimited = Object.keys(groups).length > 0;
    return !isLimited || Object.hasOwn(groups, "*") || Object.hasOwn(groups, groupKey(probe));
  }

  function groupKey({ chat }: Probe): string {
    return traits.groupsByGuid ? chat.guid || chat.identifier : String(chat.id);
  }

  function isHeard(probe: Probe, { groups }: AccountThere, agent: string): boolean {
    const key = groupKey(probe);
    const own = Object.hasOwn(groups, key) ? treeOf(groups[key]).requireMention : undefined;
    const asked = own ?? treeOf(groups["*"]).requireMention ?? mentionByDefault ?? true;
    const patterns = agents.mentionsOf(agent);
    return asked === false || patterns.length === 0 || patterns.some((one) => one.test(probe.text));
  }

  return {
    accounts: [...accounts.keys()],
    ask(asked) {
      const account = accounts.get(asked.account);
      if (account === undefined) return refused;
      const probe = { ...asked, account: account.id };
      const isGroup =
        probe.chat.isGroup || (!traits.groupsByGuid && isTree(account.groups[String(probe.chat.id)]));
      const agent = agents.route(probe, isGroup);
      if (agent === undefined) return refused;
      if (!isGroup) {
        const kind = admit(probe, account);
        return kind === "answered" ? { kind, agent: agents.here(agent) } : { kind };
      }
      return admitGroup(probe, account) && isHeard(probe, account, agent)
        ? { kind: "answered", agent: agents.here(agent) }
        : refused;
    },
  };
}

/** Lists of people, with the access groups that they name. */
class Lists {
  readonly #known = new Map<unknown, Entry[]>();

  constructor(
    private readonly groups: Tree,
    private readonly traits: Traits,
  ) {}

  read(list: unknown): Entry[] {
    const entries = this.#known.get(list) ?? this.#read(list);
    this.#known.set(list, entries);
    return entries;
  }

  #read(list: unknown): Entry[] {
    return listOf(list).flatMap((raw): Entry[] => {
      const entry = readEntry(raw, this.traits);
      if (entry?.kind !== "group") return entry === undefined ? [] : [entry];
      const { type, members } = treeOf(this.groups[entry.name]);
      if (type !== "message.senders") return [];
      const people = ["*", this.traits.channel].flatMap((key) => listOf(treeOf(members)[key]));
      // A group within a group stands for nobody.
      return people.flatMap((one) => readEntry(one, { ...this.traits, accessGroups: false }) ?? []);
    });
  }

  /** @param withChats whether entries that name a chat count */
  has(list: readonly Entry[], { sender, chat }: Probe, withChats: boolean): boolean {
    const handle = normalForm(sender, this.traits.plusForAll);
    const chatText = { chat_guid: chat.guid, chat_identifier: chat.identifier };
    return list.some((entry) => {
      if (entry.kind === "everyone") return true;
      if (entry.kind === "handle") return entry.handle !== "" && entry.handle === handle;
      if (entry.kind === "group" || !withChats) return false;
      return entry.kind === "chat_id" ? chat.id === entry.id : chatText[entry.kind] === entry.text;
    });
  }
}
