import type { Chat } from "../conversation/index.js";

/** Which conversation a chat's number names, as the rows of one connection to Messages tell it (behaviour 10.3b). */
export class ChatNumbers {
  readonly #guids = new Map<number, string>();

  /** A row of the chat came. */
  learn({ id, guid }: Pick<Chat, "id" | "guid">): void {
    if (id > 0 && guid !== "") this.#guids.set(id, guid);
  }

  /** The connection is over: the next one may read another database. */
  forget(): void {
    this.#guids.clear();
  }

  /** @returns undefined where no row of the chat came */
  guidOf(chatId: number): string | undefined {
    return this.#guids.get(chatId);
  }
}
