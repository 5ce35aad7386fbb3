import type { Chat, Target } from "../../conversation/index.js";
import type { JournalEntry, KeptEvent, KeptEventType, Store, TokenScope } from "../../store/index.js";
import type { Reach } from "../reach.js";

/** Each kind of event is for those who may ask for what it tells of. */
export const scopeOfType: Readonly<Record<KeptEventType, TokenScope>> = {
  message: "read",
  decision: "read",
  turn: "read",
  sent: "read",
  // What owners decide on, and are asked.
  draft: "people",
  question: "people",
  pairing: "people",
  health: "admin",
};

/** @returns the types that these scopes are told */
export function typesOf(scopes: readonly TokenScope[]): KeptEventType[] {
  const types = Object.keys(scopeOfType) as KeptEventType[];
  return types.filter((type) => scopes.includes(scopeOfType[type]));
}

/**
 * Which events are within a reach. What is not known of an event's chat, also because it is not kept any more, makes it none of a
 * limited one's.
 */
export class Sight {
  #known: Promise<JournalEntry[]> | undefined;

  /** @param reach used for a while only: the chats of its accounts are asked for once */
  constructor(
    private readonly reach: Reach,
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
        return event.about !== undefined && reach.hasPerson(event.account, event.about.handle);
    }
  }

  #hasChatOf(account: string, chat: (Omit<Chat, "id"> & { chatId: number }) | undefined): boolean {
    return chat !== undefined && this.reach.hasChat(account, { ...chat, id: chat.chatId });
  }

  async #hasTarget(account: string, target: Target): Promise<boolean> {
    this.#known ??= this.reach.chats(undefined);
    return this.reach.hasTarget(account, target, await this.#known);
  }
}
