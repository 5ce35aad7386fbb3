import type { Config } from "../../config/index.js";
import { resolveAccounts } from "../../config/index.js";
import { FilesInStore } from "../../outbound/index.js";
import { type Clock, type Log, messageOf, TapbackError, WakeLatch } from "../../platform/index.js";
import type { Claim, Errand, Store } from "../../store/index.js";
import type { TurnAccounts } from "../accounts.js";
import type { Drafts } from "../drafts/drafts.js";
import { TurnRights } from "../tools/turn-rights.js";
import { TurnFolders } from "../turn-folders.js";
import { isErrandKind } from "./errand-table.js";
import { ErrandWork } from "./errand-work.js";
import type { MacPreparation } from "./macs.js";

/** What the desk works with. */
export interface DeskDeps {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  stateDir: string;
  accounts: TurnAccounts;
  drafts: Drafts;
  preparation: MacPreparation;
}

/** Errands under way at once: some wait for their message to be sent. */
const mostAtOnce = 64;

/** A turn that began in another process, and what its agent may still do. */
interface Away {
  account: string;
  fence: number;
  rights: TurnRights;
}

/** How an errand is answered. */
export type ErrandAnswer = { value: unknown } | { error: { code: string; message: string; hint?: string } };

/**
 * Takes what turns ask that run in other processes, of the accounts that are at work here, and hears for those accounts how these turns
 * end. An errand that its taker died over is taken by the account's next owner: each may be carried out twice, as after a crash.
 */
export class ErrandDesk {
  readonly #work: ErrandWork;
  readonly #away = new Map<string, Away>();
  readonly #stop = new AbortController();
  readonly #taking = new WakeLatch(() => this.#take());
  readonly #following = new WakeLatch(() => this.#follow());
  #underWay = 0;
  #unwatch: (() => void)[] = [];

  private constructor(
    private readonly deps: DeskDeps,
    private readonly errands: NonNullable<Store["errands"]>,
    private readonly files: FilesInStore,
  ) {
    const folders = new TurnFolders(deps.stateDir, deps.store);
    this.#work = new ErrandWork({ ...deps, folders, files });
  }

  /** @returns undefined where one process has the state to itself */
  static of(deps: DeskDeps): ErrandDesk | undefined {
    const { errands, blobs } = deps.store;
    return errands && blobs && new ErrandDesk(deps, errands, new FilesInStore(blobs, deps.clock));
  }

  /** Begins to take errands, also those that an earlier owner left. */
  start(): void {
    const { store } = this.deps;
    this.#unwatch = [
      store.watch("errands", () => this.#taking.wake()),
      store.watch("turns", () => this.#away.size > 0 && this.#following.wake()),
    ];
    this.#taking.wake();
  }

  /** Accounts are at work by now whose errands waited for it. */
  wake(): void {
    if (!this.#stop.signal.aborted) this.#taking.wake();
  }

  /** Takes nothing more; what is under way is answered, or carried out once more by the next owner. */
  stop(): void {
    for (const unwatch of this.#unwatch) unwatch();
    this.#stop.abort();
  }

  async #take(): Promise<void> {
    const { config, accounts, log } = this.deps;
    for (const { id } of resolveAccounts(config())) {
      const claim = accounts.of(id)?.claim;
      const room = mostAtOnce - this.#underWay;
      if (!claim || room <= 0 || this.#stop.signal.aborted) continue;
      try {
        for (const errand of await this.errands.take(claim, room)) void this.#carryOut(claim, errand);
      } catch (error) {
        log.error(`what turns ask from elsewhere cannot be taken: ${messageOf(error)}`, { account: id });
      }
    }
  }

  async #carryOut(claim: Claim, errand: Errand): Promise<void> {
    this.#underWay += 1;
    try {
      await this.errands.answer(claim, errand.id, await this.#answerTo(errand));
    } catch (error) {
      this.deps.log.error(`an errand could not be answered: ${messageOf(error)}`, { turn: errand.turnId });
    } finally {
      this.#underWay -= 1;
      this.#taking.wake();
    }
  }

  async #answerTo(errand: Errand): Promise<ErrandAnswer> {
    const { turnId, fence, run, kind } = errand;
    try {
      const turn = await this.deps.store.turns.get(turnId);
      const account = turn && this.deps.accounts.of(turn.account);
      if (!turn || !account) throw new TapbackError("ACCOUNT_STOPPED", "this account is not at work now");
      if (turn.attempt !== run)
        throw new TapbackError("NO_TURN", "the turn is over, or another run of it has begun");
      if (!isErrandKind(kind))
        throw new TapbackError("UNKNOWN_METHOD", `the gateway does not know the errand ${kind}`);
      const { rights } = this.#awayOf(turnId, turn.account, fence);
      const claim: Claim = { kind: "turn", id: turnId, owner: "", fence, attempt: turn.attempt };
      const { signal } = this.#stop;
      return { value: await this.#work.do(kind, errand, { turn, account, claim, rights, signal }) };
    } catch (error) {
      const { code, message, hint } =
        error instanceof TapbackError ? error : new TapbackError("CONTROL_FAILED", messageOf(error));
      return { error: { code, message, ...(hint !== undefined && { hint }) } };
    }
  }

  /** Each run of a turn has its own count of actions. */
  #awayOf(turnId: string, account: string, fence: number): Away {
    const known = this.#away.get(turnId);
    if (known?.fence === fence) return known;
    const away = { account, fence, rights: new TurnRights() };
    this.#away.set(turnId, away);
    return away;
  }

  /** Something happened to turns: those that are over took their bubble with them. */
  async #follow(): Promise<void> {
    for (const [id, { account }] of [...this.#away]) {
      try {
        const turn = await this.deps.store.turns.get(id);
        if (turn?.state === "running") continue;
        this.#away.delete(id);
        if (!turn) continue;
        if (turn.state === "queued") this.deps.accounts.of(account)?.turnWaitsAgain(turn);
        else {
          const { state: outcome, error } = turn;
          this.deps.accounts.of(account)?.turnEnded(turn, { outcome, ...(error && { error }) });
          await this.files.turnEnded(id);
        }
      } catch (error) {
        this.deps.log.warn(`it is not known how a turn ended elsewhere: ${messageOf(error)}`, { turn: id });
      }
    }
  }
}
