import { type Chat, coversTarget, isChatNamed, namesSameChat, type Target } from "../conversation/index.js";
import type { JournalEntry, Store } from "../store/index.js";

/** To what somebody is limited. */
export interface ReachLimits {
  /** Its id; absent: all of them. */
  account?: string;
  /** Absent: all of them. */
  chats?: readonly Target[];
}

/**
 * Of which conversations somebody is told (behaviour 20.1 and 20.2). What is not known of a chat makes it none of those that are named.
 */
export class ChatReach {
  /** @param region for numbers without `+`: that of the account */
  constructor(
    private readonly limits: ReachLimits,
    private readonly region: string,
    private readonly journal: Pick<Store["journal"], "chats">,
  ) {}

  /** Whether there are chats that it does not reach. */
  get isLimited(): boolean {
    return this.limits.chats !== undefined;
  }

  /** Whether it reaches all of the gateway. */
  get isWhole(): boolean {
    return !this.isLimited && this.limits.account === undefined;
  }

  /** The only account; undefined where all are reached. */
  get onlyAccount(): string | undefined {
    return this.limits.account;
  }

  /** Whether anything of an account is reached. */
  hasAccount(id: string): boolean {
    return this.limits.account === undefined || this.limits.account === id;
  }

  /** Whether a chat is reached. */
  hasChat(account: string, chat: Chat): boolean {
    if (!this.hasAccount(account)) return false;
    return !this.isLimited || this.namesOf(chat) !== undefined;
  }

  /** Whether a row of Messages is reached. */
  hasEntry({ account, row }: JournalEntry): boolean {
    return this.hasChat(account, row.chat);
  }

  /** Whether a person's direct chat is reached. @param handle in normal form */
  hasPerson(account: string, handle: string): boolean {
    const chat = { id: 0, guid: "", name: "", participants: [], isGroup: false };
    return this.hasChat(account, { ...chat, identifier: handle });
  }

  /** The chats of an account that are reached, with the newest row of each, newest first. */
  async chats(account: string | undefined): Promise<JournalEntry[]> {
    const all = await this.journal.chats(account ?? this.limits.account);
    return all.filter((entry) => this.hasEntry(entry));
  }

  /** The chats that a target names among those that are reached. */
  async chatsNamed(account: string, target: Target): Promise<Chat[]> {
    const chats = (await this.chats(account)).map(({ row }) => row.chat);
    return chats.filter((chat) => isChatNamed(chat, target, this.region));
  }

  /**
   * Whether what goes to a target goes where it reaches.
   * @param known as `chats` gives them
   * @param meant what the chat is called whose number the target was: without it a number names none
   */
  hasTarget(
    account: string,
    target: Target,
    known: readonly JournalEntry[],
    meant: string | undefined,
  ): boolean {
    if (!this.hasAccount(account)) return false;
    if (!this.isLimited || this.coveringOf(target)) return true;
    return known.some(
      (entry) =>
        entry.account === account &&
        isChatNamed(entry.row.chat, target, this.region) &&
        (target.kind !== "chat_id" || this.#isMeant(entry.row.chat, meant)),
    );
  }

  #isMeant({ guid, identifier }: Chat, meant: string | undefined): boolean {
    return meant !== undefined && namesSameChat(guid || identifier, meant, this.region);
  }

  /** The limit that names a chat. */
  protected namesOf(chat: Chat): Target | undefined {
    return this.limits.chats?.find((each) => isChatNamed(chat, each, this.region));
  }

  /** The limit that covers a target, whatever chats there are. */
  protected coveringOf(target: Target): Target | undefined {
    return this.limits.chats?.find((each) => coversTarget(each, target));
  }
}
