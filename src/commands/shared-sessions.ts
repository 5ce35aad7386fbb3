import { type Config, resolveAccounts } from "../config/index.js";
import type { MessageRow } from "../conversation/index.js";
import { rulesFor } from "../inbound/index.js";
import type { Store } from "../store/index.js";
import { compileIdentityLinks } from "../turns/index.js";

/** A session of direct chats in which several people may write: they share the agent's memory (behaviour 5.2a). */
export interface SharedSession {
  sessionKey: string;
  /** Those who are let in by name or were approved: handles in normal form, or the name that links a person's handles. */
  people: ReadonlySet<string>;
  /** Beside them, whoever writes. */
  everyone: boolean;
}

/** Where a session is the same for these two, who are nobody's, it is the same for whoever writes. */
const anybody = ["+10000000001", "+10000000002"];

/** What Messages names groups by: `chat` and digits, or 32 hexadecimal digits (protocol reference 9.4). */
const groupName = /^(chat\d+|[0-9a-f]{32})$/;

/**
 * Finds the sessions that people share, from the lists of the configuration and from the approvals, as routing, links and
 * `session.dmScope` place each of them. Of whom a list names only the chat, its GUID or identifier is the person's address,
 * and somebody's where it is none; by the chat's number they count as far as they wrote in it.
 * @param joining who is about to be let in, and counts already
 */
export async function sharedSessions(
  config: Config,
  store: Pick<Store, "pairing" | "journal">,
  joining?: { account: string; handle: string },
): Promise<SharedSession[]> {
  const found = new Map<string, { people: Set<string>; everyone: boolean }>();
  for (const account of resolveAccounts(config)) {
    const rules = rulesFor(config, account, {});
    const { allowFrom, dmPolicy } = rules.policy;
    if (!account.enabled || dmPolicy === "disabled") continue;
    const links = compileIdentityLinks(config.session.identityLinks, account.region);
    const at = (handle: string) => {
      const { sessionKey } = rules.sessionOf(rowOf(handle), undefined);
      const known = found.get(sessionKey) ?? { people: new Set<string>(), everyone: false };
      found.set(sessionKey, known);
      return known;
    };
    const approved = (await store.pairing.approvals(account.id)).map(({ handle }) => handle);
    if (joining?.account === account.id) approved.push(joining.handle);
    const inChats = [...allowFrom.chatIds].map((chatId) => store.journal.directSender(account.id, chatId));
    const named = (await Promise.all(inChats)).filter((handle) => handle !== undefined);
    const addressed = [...allowFrom.chatKeys].filter((key) => !groupName.test(key));
    for (const handle of [...allowFrom.handles, ...addressed, ...approved, ...named])
      at(handle).people.add(links.get(handle) ?? handle);
    const [one, other] = anybody.map(at);
    if (allowFrom.everyone && one === other) one!.everyone = true;
  }
  return [...found].flatMap(([sessionKey, { people, everyone }]) =>
    everyone || people.size > 1 ? [{ sessionKey, people, everyone }] : [],
  );
}

/** What whoever lets people in is told while people share a session; undefined while none do. */
export function sharedMemoryWarning(shared: readonly SharedSession[]): string | undefined {
  const [first] = shared;
  if (!first) return undefined;
  const who = shared.some(({ everyone }) => everyone)
    ? "Everyone who writes shares"
    : `${first.people.size} people share`;
  return `${who} one session and the agent's memory: what one says, the agent may tell another. Set session.dmScope to "per-peer" to keep them apart.`;
}

/** What a person would write in a direct chat, as far as routing looks at it. @param handle in normal form */
function rowOf(handle: string): MessageRow {
  const guid = `any;-;${handle}`;
  const chat = { id: 0, guid, identifier: handle, name: "", participants: [handle], isGroup: false };
  return { rowId: 0, guid: "", chat, sender: handle, fromMe: false, text: "", sentAt: 0, attachments: [] };
}
