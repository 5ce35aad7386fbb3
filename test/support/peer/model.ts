/**
 * A small model of who was answered by the other systems, for tests alone: it shares no code with the import that it
 * judges. Facts from the systems' public documents: OpenClaw 2026.9.6 (channels/imessage/access-control, channels/groups,
 * channels/access-groups, channels/pairing, channels/channel-routing), Clawdbot of January 2026 and RemoteClaw (their
 * iMessage pages), the BlueBubbles page of Clawdbot.
 */

// biome-ignore lint/suspicious/noExplicitAny: another system's file, read as its documents show it
type Json = Record<string, any>;

export type PeerSystem = "openclaw" | "remoteclaw" | "clawdbot" | "bluebubbles";

/** A message that came in. */
export interface PeerMessage {
  account: string;
  sender: string;
  isGroup: boolean;
  chatId: number;
  chatGuid: string;
  chatIdentifier: string;
  text: string;
}

/** What the other system did: an agent answered, a pairing code was offered, or nothing came. */
export type PeerAnswer = { agent: string } | "code" | "nothing";

/**
 * @param file the configuration, parsed
 * @param approved handles per account that were approved by pairing
 */
export function answerOf(
  system: PeerSystem,
  file: Json,
  approved: Readonly<Record<string, readonly string[]>>,
  message: PeerMessage,
): PeerAnswer {
  const block: Json | undefined =
    system === "bluebubbles"
      ? file.channels?.bluebubbles
      : system === "clawdbot"
        ? (file.channels?.imessage ?? file.imessage)
        : file.channels?.imessage;
  if (block === undefined || block.enabled === false) return "nothing";
  const account = settingsOf(system, block, message.account);
  if (account === undefined || account.enabled === false) return "nothing";
  const store = (approved[message.account] ?? []).map((handle) => compared(system, handle));
  const who = compared(system, message.sender);
  const isRoom = message.isGroup || (system !== "bluebubbles" && !!account.groups?.[message.chatId]);
  const agent = agentFor(system, file, message, isRoom);
  if (agent === undefined) return "nothing";
  if (!isRoom) {
    const policy = account.dmPolicy ?? "pairing";
    if (policy === "disabled") return "nothing";
    if (lists(system, file, account.allowFrom, message, system !== "openclaw")) return { agent };
    // OpenClaw's page on pairing: approvals belong to the pairing policy, and never widen "open".
    const old = system === "clawdbot" || system === "bluebubbles";
    if ((policy === "pairing" || (old && policy === "allowlist")) && store.includes(who)) return { agent };
    return policy === "pairing" ? "code" : "nothing";
  }
  const isEarly = system === "clawdbot" && file.channels?.imessage === undefined;
  const policy = account.groupPolicy ?? (isEarly ? "open" : "allowlist");
  if (policy === "disabled") return "nothing";
  if (policy === "allowlist") {
    const own = account.groupAllowFrom;
    const isUnset = own === undefined || own === null || (system === "bluebubbles" && own.length === 0);
    const isListed = lists(system, file, isUnset ? account.allowFrom : own, message, true);
    const counts = (system === "clawdbot" || system === "bluebubbles") && store.includes(who);
    if (!isListed && !counts) return "nothing";
  }
  const room = system === "bluebubbles" ? message.chatGuid : String(message.chatId);
  const rooms: Json = account.groups ?? {};
  const keys = Object.keys(rooms);
  if (keys.length > 0 && !keys.includes("*") && !keys.includes(room)) return "nothing";
  const asks =
    rooms[room]?.requireMention ??
    rooms["*"]?.requireMention ??
    file.routing?.groupChat?.requireMention ??
    true;
  return asks && !isAddressed(file, agent, message.text) ? "nothing" : { agent };
}

/** Ids of the accounts that a file names, in lower case. */
export function accountsOf(system: PeerSystem, file: Json): string[] {
  const block: Json =
    (system === "bluebubbles" ? file.channels?.bluebubbles : (file.channels?.imessage ?? file.imessage)) ??
    {};
  const ids = Object.keys(block.accounts ?? {}).map((id) => id.toLowerCase());
  const implied = system === "openclaw" && (block.cliPath || block.dbPath);
  return [...new Set(ids.length === 0 || implied ? [...ids, "default"] : ids)];
}

function settingsOf(system: PeerSystem, block: Json, id: string): Json | undefined {
  const { accounts = {}, ...channel } = block;
  const names = Object.keys(accounts);
  const key = names.find((name) => name.toLowerCase() === id);
  const implied = names.length === 0 || (system === "openclaw" && (block.cliPath || block.dbPath));
  if (key === undefined && !(id === "default" && implied)) return undefined;
  const own: Json = key === undefined ? {} : accounts[key];
  const merged = { ...channel, ...own };
  const isEmpty = own.groups !== undefined && Object.keys(own.groups).length === 0;
  if (system === "openclaw" && isEmpty && names.length < 2) merged.groups = channel.groups;
  return merged;
}

/** Numbers got a plus in front of their digits; BlueBubbles left out spaces only. */
function compared(system: PeerSystem, handle: string): string {
  const bare = handle.trim().replace(/^((imessage|sms|auto):\s*)+/i, "");
  if (bare.includes("@")) return bare.toLowerCase();
  const isNumber = /^[\d\s()+.-]+$/.test(bare) && /\d/.test(bare);
  if (isNumber && system !== "bluebubbles") return `+${bare.replace(/\D/g, "")}`;
  return bare.replace(/\s/g, "");
}

function lists(
  system: PeerSystem,
  file: Json,
  list: unknown,
  message: PeerMessage,
  withChats: boolean,
): boolean {
  const entries = Array.isArray(list) ? list.map((entry) => String(entry).trim()) : [];
  return entries.some((entry) => {
    if (entry === "*") return true;
    if (system === "openclaw" && entry.startsWith("accessGroup:")) {
      const group = file.accessGroups?.[entry.slice(12).trim()];
      if (group?.type !== "message.senders") return false;
      const people = [...(group.members?.["*"] ?? []), ...(group.members?.imessage ?? [])];
      const plain = people.filter((one: unknown) => !String(one).startsWith("accessGroup:"));
      return lists(system, file, plain, message, withChats);
    }
    const [, prefix, rest = ""] =
      /^(?:(?:imessage|sms|auto|bluebubbles):)*(chat_?id|chat|chat_?guid|guid|chat_?identifier|chatident):(.*)$/i.exec(
        entry,
      ) ?? [];
    const kind = prefix?.toLowerCase().replace("_", "");
    const value = rest.trim();
    if (kind === "chatid" || kind === "chat") return withChats && Number(value) === message.chatId;
    if (kind === "chatguid" || kind === "guid") return withChats && value === message.chatGuid;
    if (kind !== undefined) return withChats && value === message.chatIdentifier;
    const handle = system === "bluebubbles" ? entry.replace(/^bluebubbles:/i, "") : entry;
    return compared(system, handle) === compared(system, message.sender);
  });
}

function rosterOf(file: Json): Json[] | undefined {
  const { agents, routing } = file;
  if (agents?.entries) return Object.entries(agents.entries).map(([id, one]) => ({ ...(one as Json), id }));
  if (agents?.list) return agents.list;
  if (routing?.agents) return Object.entries(routing.agents).map(([id, one]) => ({ ...(one as Json), id }));
  return undefined;
}

function agentFor(system: PeerSystem, file: Json, message: PeerMessage, isRoom: boolean): string | undefined {
  const roster = rosterOf(file);
  const ids = roster?.map(({ id }) => String(id).toLowerCase()) ?? [];
  const marked =
    roster?.filter((one) => one.default === true).map(({ id }) => String(id).toLowerCase()) ?? [];
  const named = file.routing?.defaultAgentId?.toLowerCase();
  const strict = system === "openclaw";
  const fallback =
    roster === undefined
      ? "main"
      : strict
        ? marked.length === 1
          ? marked[0]
          : ids.length === 1
            ? ids[0]
            : undefined
        : ids.includes(named)
          ? named
          : (marked[0] ?? ids[0] ?? "main");
  const peer = isRoom
    ? system === "bluebubbles"
      ? message.chatGuid
      : String(message.chatId)
    : compared(system, message.sender);
  const channel = system === "bluebubbles" ? "bluebubbles" : "imessage";
  const bindings: Json[] = [...(file.bindings ?? []), ...(file.routing?.bindings ?? [])].filter(
    ({ match, type }) =>
      type !== "acp" &&
      String(match?.channel ?? match?.provider).toLowerCase() === channel &&
      (match.accountId ?? "default") !== undefined &&
      ((match.accountId ?? "default") === "*" ||
        (match.accountId ?? "default").toLowerCase() === message.account),
  );
  const isKind = (kind: string) => (isRoom ? kind === "group" : kind === "direct" || kind === "dm");
  const found =
    bindings.find(
      ({ match }) => match.peer && isKind(match.peer.kind) && String(match.peer.id).trim() === peer,
    ) ??
    (strict
      ? bindings.find(({ match }) => match.peer && isKind(match.peer.kind) && match.peer.id === "*")
      : undefined) ??
    bindings.find(({ match }) => !match.peer && match.accountId !== "*") ??
    bindings.find(({ match }) => !match.peer);
  if (found === undefined) return fallback;
  const wanted = String(found.agentId).toLowerCase();
  if (ids.includes(wanted) || ids.length === 0) return wanted;
  // `main` was there by itself.
  return strict ? (wanted === "main" ? wanted : undefined) : fallback;
}

function isAddressed(file: Json, agent: string, text: string): boolean {
  const own: Json | undefined = rosterOf(file)?.find(({ id }) => String(id).toLowerCase() === agent);
  const written: string[] | undefined =
    own?.groupChat?.mentionPatterns ??
    own?.mentionPatterns ??
    file.messages?.groupChat?.mentionPatterns ??
    file.routing?.groupChat?.mentionPatterns;
  if (written !== undefined) {
    const usable = written.flatMap((pattern) => {
      try {
        return [new RegExp(pattern, "i")];
      } catch {
        return [];
      }
    });
    // Without a usable pattern no mention could be asked for.
    return usable.length === 0 || usable.some((pattern) => pattern.test(text));
  }
  const { name, emoji }: Json = own?.identity ?? (rosterOf(file) ? {} : (file.identity ?? {}));
  const words = [name, emoji].filter((word) => typeof word === "string" && word.trim() !== "");
  // Between signs and spaces, with or without an "@" in front.
  const spaced = ` ${text.toLowerCase().replace(/[@,.!?]/g, " ")} `;
  return words.length === 0 || words.some((word) => spaced.includes(` ${word.trim().toLowerCase()} `));
}
