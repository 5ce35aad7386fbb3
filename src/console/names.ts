import { normalizeHandle } from "../conversation/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/** Conversations in which names are looked for, the newest ones. */
const mostChats = 1000;

/** What people are called, from the newest row that somebody wrote in each conversation. A conversation is looked at again when it has another row. */
export class Names {
  /** By account and chat. */
  readonly #seen = new Map<string, { newest: number; said: JournalEntry | undefined }>();

  constructor(private readonly journal: Pick<Store["journal"], "chats" | "list">) {}

  /** @returns everybody who is known by a name; of several names the newest */
  async all(): Promise<{ handle: string; name: string }[]> {
    const names = new Map<string, string>();
    for (const newest of (await this.journal.chats()).slice(0, mostChats)) {
      const row = (await this.#saidIn(newest))?.row;
      if (!row?.senderName) continue;
      const handle = normalizeHandle(row.sender);
      if (!names.has(handle)) names.set(handle, row.senderName);
    }
    return [...names].map(([handle, name]) => ({ handle, name }));
  }

  async #saidIn(newest: JournalEntry): Promise<JournalEntry | undefined> {
    const { account, id, row } = newest;
    const key = `${account} ${row.chat.id}`;
    const seen = this.#seen.get(key);
    if (seen?.newest === id) return seen.said;
    const filter = { account, chatId: row.chat.id, limit: 1 };
    const said = row.fromMe ? (await this.journal.list(filter))[0] : newest;
    this.#seen.set(key, { newest: id, said });
    return said;
  }
}
