import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { OutboxItem, Store } from "../store/index.js";

const folderName = "turns";

/** The temporary folders of turns: made by who first writes there, removed when the turn is over and its files are sent. */
export class TurnFolders {
  readonly #root: string;

  constructor(
    stateDir: string,
    private readonly store: Pick<Store, "turns" | "outbox" | "actions">,
  ) {
    this.#root = join(stateDir, folderName);
  }

  /** Absolute; need not exist. */
  pathOf(turnId: string): string {
    return join(this.#root, turnId);
  }

  /** Where files that came with a turn are put: inside its folder. */
  inboxOf(turnId: string): string {
    return join(this.pathOf(turnId), "in");
  }

  /** Removes the folder of a turn, unless it still runs or a file of it waits to be sent. */
  async tidy(turnId: string): Promise<void> {
    const path = this.pathOf(turnId);
    if (!existsSync(path)) return;
    const state = this.store.turns.get(turnId)?.state;
    const waits = this.#itemsOf(turnId).some(
      ({ file, state: sent }) => file !== undefined && (sent === "pending" || sent === "sending"),
    );
    if (state === "queued" || state === "running" || waits) return;
    await rm(path, { recursive: true, force: true });
  }

  /** Removes what earlier runs left. */
  async sweep(): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const turnId of readdirSync(this.#root)) await this.tidy(turnId);
  }

  /** What a turn answered, and what its actions sent. */
  #itemsOf(turnId: string): OutboxItem[] {
    const { outbox, actions } = this.store;
    const sent = actions.ofTurn(turnId).flatMap(({ items }) => items.flatMap((id) => outbox.get(id) ?? []));
    return [...outbox.ofTurn(turnId), ...sent];
  }
}
