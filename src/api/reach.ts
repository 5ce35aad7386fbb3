import { type Config, defaultAccountId, normalizeId, regionOf, resolveAccount } from "../config/index.js";
import {
  type Chat,
  coversTarget,
  hasSeveralPeople,
  namesSameChat,
  normalizeHandle,
  serviceOf,
  type Target,
} from "../conversation/index.js";
import type { JournalEntry, Store, Token } from "../store/index.js";
import { unknown } from "./refusals.js";

/**
 * What a token reaches (behaviour 20.1). All that it does not reach is not there: neither is told from the other. What is not
 * known of a chat makes it none of the token's.
 */
export class Reach {
  readonly #region: string;

  constructor(
    private readonly token: Pick<Token, "account" | "chats">,
    private readonly config: Config,
    private readonly store: Store,
  ) {
    this.#region = regionOf(config, token.account ?? defaultAccountId(config));
  }

  /** Whether there are chats that it does not reach. */
  get isLimited(): boolean {
    return this.token.chats !== undefined;
  }

  /** Whether it reaches all of the gateway. */
  get isWhole(): boolean {
    return !this.isLimited && this.token.account === undefined;
  }

  /** The only account; undefined where all are reached. */
  get onlyAccount(): string | undefined {
    return this.token.account;
  }

  /** The account that a request is about. @param named as it was written @throws `RESOURCE_UNKNOWN` */
  account(named: string | undefined): string {
    const id =
      named === undefined ? (this.token.account ?? defaultAccountId(this.config)) : normalizeId(named);
    if (!this.hasAccount(id) || !resolveAccount(this.config, id)) throw unknown();
    return id;
  }

  /** Whether anything of an account is reached. */
  hasAccount(id: string): boolean {
    return this.token.account === undefined || this.token.account === id;
  }

  /** Whether a chat is reached. */
  hasChat(account: string, chat: Chat): boolean {
    if (!this.hasAccount(account)) return false;
    const { chats } = this.token;
    return chats === undefined || chats.some((target) => this.#isOf(chat, target));
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
    const all = await this.store.journal.chats(account ?? this.token.account);
    return all.filter((entry) => this.hasEntry(entry));
  }

  /** The chats that a target names among those that are reached. */
  async chatsNamed(account: string, target: Target): Promise<Chat[]> {
    const chats = (await this.chats(account)).map(({ row }) => row.chat);
    return chats.filter((chat) => this.#isOf(chat, target));
  }

  /** Whether what goes to a target goes where the token reaches. @param known as `chats` gives them */
  hasTarget(account: string, target: Target, known: readonly JournalEntry[]): boolean {
    if (!this.hasAccount(account)) return false;
    if (!this.isLimited) return true;
    if (this.#tokenTarget(target)) return true;
    return known.some((entry) => entry.account === account && this.#isOf(entry.row.chat, target));
  }

  /**
   * Where a send goes that names a target: a token with chats writes to these, as they were named when it was made, and never
   * to what a number or name has come to mean since.
   * @throws `RESOURCE_UNKNOWN`
   */
  async sendTarget(account: string, target: Target): Promise<Target> {
    if (!this.isLimited) return target;
    const own = this.#tokenTarget(target);
    if (own) return own;
    const [chat] = await this.chatsNamed(account, target);
    const covers = chat && this.token.chats!.find((each) => this.#isOf(chat, each));
    if (!covers) throw unknown();
    return covers;
  }

  #tokenTarget(target: Target): Target | undefined {
    return this.token.chats?.find((each) => coversTarget(each, target));
  }

  #isOf(chat: Chat, target: Target): boolean {
    switch (target.kind) {
      case "chat_id":
        return chat.id === target.chatId;
      case "chat_guid":
        return namesSameChat(chat.guid || chat.identifier, target.guid, this.#region);
      case "chat_identifier": {
        const { identifier } = target;
        return namesSameChat(
          identifier.includes(";") ? chat.guid : chat.identifier,
          identifier,
          this.#region,
        );
      }
      case "handle":
        return (
          !hasSeveralPeople(chat) &&
          normalizeHandle(chat.identifier, this.#region) === target.handle &&
          isOver(chat, target.service)
        );
    }
  }
}

function isOver(chat: Chat, wanted: "auto" | "imessage" | "sms"): boolean {
  if (wanted === "auto") return true;
  const service = serviceOf(chat);
  return wanted === "sms" ? service === "sms" || service === "rcs" : service === "imessage";
}
