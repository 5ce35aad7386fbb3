import { join } from "node:path";
import { type ActionName, type Actor, namedFiles, type Offer } from "../../actions/index.js";
import type { HistoryTool } from "../../agents/index.js";
import { type Envelope, safeFileName } from "../../conversation/index.js";
import type { FilesInStore } from "../../outbound/index.js";
import { err, type Log, messageOf, ok, type Result, TapbackError } from "../../platform/index.js";
import { blobIn, type Claim, type Store, type Turn } from "../../store/index.js";
import type { KnownAbility, TurnAccounts } from "../accounts.js";
import { historyOf } from "../tools/history.js";
import type { TurnFolders } from "../turn-folders.js";
import type { Asking } from "./asking.js";
import { mayHaveFiles, withFilesPut } from "./attached-files.js";
import type { ActErrand } from "./errand-table.js";
import type { MacPreparation, TurnActions, TurnMacs } from "./macs.js";

/** What a worker reaches the Macs of its turns with. */
export interface RemoteMacsDeps {
  store: Store;
  log: Log;
  accounts: Pick<TurnAccounts, "settingsOf">;
  folders: TurnFolders;
  files: FilesInStore;
  asking: Asking;
}

/** What is known of a turn that runs here. */
interface Known {
  claim: Claim;
  sessionKey: string;
  /** Names of actions; empty while its account is not at work. */
  offered: readonly string[];
}

/** The Macs of accounts that other processes have: each thing is asked of those, in the name of the turn that runs here. */
export class RemoteMacs implements TurnMacs {
  readonly #turns = new Map<string, Known>();
  /** What the Mac of an account can do, as the last turn of it was told. */
  readonly #abilities = new Map<string, readonly string[]>();

  constructor(private readonly deps: RemoteMacsDeps) {}

  /** Whether the Mac of an account can do something, as far as is known. */
  can(account: string, ability: KnownAbility): boolean {
    return this.#abilities.get(account)?.includes(ability) ?? false;
  }

  readonly preparation: MacPreparation = {
    refresh: (turn, claim) => this.#begin(turn, claim),
    isAsWritten: (waiting) => this.#isAsWritten(waiting),
    ready: (turn, signal) => this.#ready(turn, signal),
  };

  actionsOf(turn: Turn): TurnActions {
    return {
      act: (actor, action, parameters, occasion = 0) =>
        this.#act(turn, actor, { action, parameters, occasion, files: [] }),
      offers: (): Offer[] =>
        (this.#turns.get(turn.id)?.offered ?? []).map((name) => ({
          name: name as ActionName,
          offered: true,
          why: null,
        })),
    };
  }

  historyOf(turn: Turn): HistoryTool | undefined {
    const { store } = this.deps;
    // What the journal kept, while nobody can be asked.
    const kept = historyOf(turn, () => undefined, store);
    if (!kept) return undefined;
    return {
      recent: (limit) => this.#asked(turn, "history", { limit }, () => kept.recent(limit)),
      search: (words, limit) =>
        this.#asked(turn, "history", { limit, words }, () => kept.search(words, limit)),
    };
  }

  isRetried(turn: Turn): Promise<boolean> {
    return this.#asked(turn, "retried", {}, async () => false);
  }

  showsBubble(turn: Turn): Promise<boolean> {
    return this.#asked(turn, "bubble", {}, async () => false);
  }

  /** Who has the account is told with the first errand. */
  started(): void {}

  /** Who has the account sees it in the store. */
  ended({ id }: Turn): void {
    this.#turns.delete(id);
  }

  waitsAgain({ id }: Turn): void {
    this.#turns.delete(id);
  }

  async #begin(turn: Turn, claim: Claim): Promise<Envelope | undefined> {
    const known = { claim, sessionKey: turn.sessionKey };
    this.#turns.set(turn.id, { ...known, offered: [] });
    try {
      const { envelope, offered, can } = await this.deps.asking.ask(claim, "begin", {});
      this.#turns.set(turn.id, { ...known, offered });
      this.#abilities.set(turn.account, can);
      return envelope ?? undefined;
    } catch (error) {
      if (isGone(error)) throw error;
      this.deps.log.warn(`a turn runs with what is stored of it: ${messageOf(error)}`, { turn: turn.id });
      return turn.envelope;
    }
  }

  async #isAsWritten(waiting: Turn): Promise<boolean> {
    const running = [...this.#turns.values()].find(({ sessionKey }) => sessionKey === waiting.sessionKey);
    if (!running) return true;
    const { asking } = this.deps;
    return asking.ask(running.claim, "unchanged", { turnId: waiting.id }).catch(() => true);
  }

  async #ready(turn: Turn, signal: AbortSignal): Promise<{ envelope: Envelope; notes: string[] }> {
    const { asking, files, folders, accounts, log } = this.deps;
    const known = this.#turns.get(turn.id);
    if (!known || !mayHaveFiles(turn.envelope)) return { envelope: turn.envelope, notes: [] };
    try {
      const { envelope, notes } = await asking.ask(known.claim, "files", {}, signal);
      const maxBytes = accounts.settingsOf(turn.account).mediaMaxMb * 1024 * 1024;
      let count = 0;
      const fetched = await withFilesPut(envelope, async (path) => {
        const kept = blobIn(path);
        if (!kept) return undefined;
        const into = join(folders.inboxOf(turn.id), String(++count), safeFileName(kept.name));
        return (await files.write(kept.id, into, maxBytes)) ? into : undefined;
      });
      // What this turn is told beside was not known there.
      const told = turn.envelope.notes;
      return { envelope: { ...fetched, notes: [...new Set([...told, ...fetched.notes])] }, notes };
    } catch (error) {
      if (signal.aborted || isGone(error)) throw error;
      const note = `its files did not come: ${messageOf(error)}`;
      log.warn(note, { turn: turn.id });
      return { envelope: turn.envelope, notes: [note] };
    }
  }

  async #act(
    turn: Turn,
    { files: rules }: Actor,
    { action, parameters, occasion }: ActErrand,
  ): Promise<Result<Record<string, unknown>, TapbackError>> {
    const { files, asking } = this.deps;
    const known = this.#turns.get(turn.id);
    if (!known) return err(new TapbackError("NO_TURN", "this turn is over"));
    try {
      const named = namedFiles(action, parameters);
      const carried: ActErrand["files"] = [];
      for (const path of named.paths) {
        const real = await rules.check(path);
        if (!real.ok) return real;
        carried.push({ as: path, file: await files.keep(real.value, turn.id) });
      }
      const { buffer: _, ...texts } = parameters;
      const buffer = named.bytes && (await files.keepBytes(named.bytes, "", turn.id));
      const errand = { action, parameters: buffer ? texts : parameters, occasion, files: carried };
      return ok(await asking.ask(known.claim, "act", { ...errand, ...(buffer && { buffer }) }));
    } catch (error) {
      if (error instanceof TapbackError) return err(error);
      throw error;
    }
  }

  /** @param otherwise what holds while nobody can be asked */
  async #asked<T>(
    { id }: Turn,
    kind: "history" | "retried" | "bubble",
    parameters: object,
    otherwise: () => Promise<T>,
  ): Promise<T> {
    const known = this.#turns.get(id);
    if (!known) return otherwise();
    try {
      return (await this.deps.asking.ask(known.claim, kind, parameters as never)) as T;
    } catch (error) {
      this.deps.log.debug(`a turn asked in vain: ${messageOf(error)}`, { turn: id, errand: kind });
      return otherwise();
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof TapbackError && error.code === "NO_TURN";
}
