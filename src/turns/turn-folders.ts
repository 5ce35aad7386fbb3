import { existsSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { outgoingFolder } from "../outbound/index.js";
import type { Store } from "../store/index.js";

const folderName = "turns";
/** Ends the name of the folder with what an answer named; no agent is told of it. */
const namedEnding = ".named";

/** The temporary folders of turns: made by who first writes there, removed when the turn is over. */
export class TurnFolders {
  /** Where copies of files lie until they are sent. */
  readonly outgoing: string;
  readonly #root: string;

  constructor(
    stateDir: string,
    private readonly store: Pick<Store, "turns">,
  ) {
    this.outgoing = outgoingFolder(stateDir);
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

  /** Where the files that an answer names are kept until the turn ends: beside its folder, which its agent may empty. */
  namedOf(turnId: string): string {
    return `${this.pathOf(turnId)}${namedEnding}`;
  }

  /** Removes the folders of a turn, unless it still waits or runs. */
  async tidy(turnId: string): Promise<void> {
    const paths = [this.pathOf(turnId), this.namedOf(turnId)].filter((path) => existsSync(path));
    if (paths.length === 0) return;
    const state = (await this.store.turns.get(turnId))?.state;
    if (state === "queued" || state === "running") return;
    for (const path of paths) await rm(path, { recursive: true, force: true });
  }

  /** Removes what earlier runs left. */
  async sweep(): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const name of readdirSync(this.#root))
      await this.tidy(name.endsWith(namedEnding) ? name.slice(0, -namedEnding.length) : name);
  }
}
