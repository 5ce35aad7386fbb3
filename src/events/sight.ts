import { type Chat, mayBeOf, type Target } from "../conversation/index.js";
import type { JournalEntry, KeptEvent, PairingRequest, Store } from "../store/index.js";
import type { ChatReach } from "./chat-reach.js";

/**
 * Which events are within a reach. What is not known of an event's chat, also because it is not kept any more, makes it none of a
 * limited one's.
 */
export class Sight {
  #known: Promise<JournalEntry[]> | undefined;

  /** @param reach used for a while only: the chats of its accounts are asked for once */
  constructor(
    private readonly reach: ChatReach,
    private readonly store: Pick<Store, "turns">,
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
        return event.about !== undefined && (await this.#hasTarget(event.account, event.about.target));
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
    return this.reach.hasTarget(account, { kind: "chat_id", chatId }, known);
  }

  #hasChatOf(account: string, chat: (Omit<Chat, "id"> & { chatId: number }) | undefined): boolean {
    return chat !== undefined && this.reach.hasChat(account, { ...chat, id: chat.chatId });
  }

  async #hasTarget(account: string, target: Target): Promise<boolean> {
    return this.reach.hasTarget(account, target, await this.#chats());
  }

  #chats(): Promise<JournalEntry[]> {
    this.#known ??= this.reach.chats(undefined);
    return this.#known;
  }
}
