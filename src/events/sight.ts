import { type Chat, mayBeOf } from "../conversation/index.js";
import type { JournalEntry, KeptEvent, PairingRequest, Store } from "../store/index.js";
import type { ChatReach } from "./chat-reach.js";
import { meantChat, type Written } from "./meant-chat.js";

/**
 * Which events are within a reach. What is not known of an event's chat, also because it is not kept any more, makes it none of a
 * limited one's.
 */
export class Sight {
  #known: Promise<JournalEntry[]> | undefined;

  /** @param reach used for a while only: the chats of its accounts are asked for once */
  constructor(
    private readonly reach: ChatReach,
    private readonly store: Pick<Store, "turns" | "journal">,
  ) {}

  /** Whether an event is told. */
  async has(event: KeptEvent): Promise<boolean> {
    const { reach } = this;
    // As `/v1/health`: it is of no chat.
    if (event.type === "health") return reach.isWhole;
    if (!reach.hasAccount(event.account)) return false;
    if (!reach.isLimited) return true;
    switch (event.type) {
      case "message":
      case "decision":
        return event.about !== undefined && reach.hasEntry(event.about);
      case "turn":
        return this.#hasChatOf(event.account, event.about?.envelope.chat);
      case "question": {
        const turn = event.about && (await this.store.turns.get(event.about.turnId));
        return this.#hasChatOf(event.account, turn?.envelope.chat);
      }
      case "sent":
      case "draft":
        return event.about !== undefined && (await this.#hasTarget(event.account, event.about));
      case "pairing":
        return event.about !== undefined && (await this.#hasDirect(event.account, event.about));
    }
  }

  /** The number of a stranger's chat names it only while it is known to be theirs. */
  async #hasDirect(
    account: string,
    { handle, chatId }: Pick<PairingRequest, "handle" | "chatId">,
  ): Promise<boolean> {
    if (this.reach.hasPerson(account, handle)) return true;
    const person = { kind: "handle", handle, service: "auto" } as const;
    const known = (await this.#chats()).filter(({ row }) => mayBeOf(row.chat, person));
    return this.reach.hasTarget(account, { kind: "chat_id", chatId }, known, handle);
  }

  #hasChatOf(account: string, chat: (Omit<Chat, "id"> & { chatId: number }) | undefined): boolean {
    return chat !== undefined && this.reach.hasChat(account, { ...chat, id: chat.chatId });
  }

  async #hasTarget(account: string, written: Written): Promise<boolean> {
    const meant = await meantChat(account, written, this.store);
    return this.reach.hasTarget(account, written.target, await this.#chats(), meant);
  }

  #chats(): Promise<JournalEntry[]> {
    this.#known ??= this.reach.chats(undefined);
    return this.#known;
  }
}
