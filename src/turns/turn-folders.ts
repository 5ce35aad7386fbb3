import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "../store/index.js";

const folderName = "turns";

/** The temporary folders of turns: made by who first writes there, removed when the turn is over. */
export class TurnFolders {
  readonly #root: string;

  constructor(
    stateDir: string,
    private readonly store: Pick<Store, "turns">,
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

  /** Removes the folder of a turn, unless it still waits or runs. */
  async tidy(turnId: string): Promise<void> {
    const path = this.pathOf(turnId);
    if (!existsSync(path)) return;
    const state = (await this.store.turns.get(turnId))?.state;
    if (state === "queued" || state === "running") return;
    await rm(path, { recursive: true, force: true });
  }

  /** Removes what earlier runs left. */
  async sweep(): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const turnId of readdirSync(this.#root)) await this.tidy(turnId);
  }
}
