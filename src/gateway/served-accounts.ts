import { type Account, type Config, resolveAccounts } from "../config/index.js";
import type { AccountStatus } from "../health/index.js";
import { type Log, messageOf, TapbackError } from "../platform/index.js";
import type { AccountRuntime, Ending } from "./account/account.js";
import { idleStatus } from "./account/idle-status.js";
import { twinsAmong } from "./account/same-database.js";

/** What the accounts of a gateway are served with. */
export interface ServedAccountsDeps {
  config: () => Config;
  log: Log;
  /** For `~`. */
  home: string;
  make: (account: Account) => AccountRuntime;
}

/**
 * The accounts of the configuration, as far as this gateway serves them: those that are enabled, the first of each database, and none
 * that another node has; for those it stands by (behaviour 21.4).
 */
export class ServedAccounts {
  /** Also those that ask for their claim still, which another node may have. */
  #runtimes: AccountRuntime[] = [];
  /** Accounts that are not served, with the one that has their database. */
  #twins = new Map<string, string>();
  /** Accounts that another node has, with what is said of that. */
  readonly #elsewhere = new Map<string, string>();
  readonly #started = new WeakSet<AccountRuntime>();
  #isOver = false;
  /** One change after the other. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: ServedAccountsDeps) {}

  /** Those at work: each has its claim. */
  get all(): readonly AccountRuntime[] {
    return this.#runtimes.filter(({ claim }) => claim !== undefined);
  }

  /** An account at work; undefined when it is not. */
  of(account: string): AccountRuntime | undefined {
    return this.all.find((runtime) => runtime.account.id === account);
  }

  /** Ids of those that are to be served and are not at work here (yet). */
  get missing(): string[] {
    return resolveAccounts(this.deps.config()).flatMap(({ id, enabled }) =>
      enabled && !this.#twins.has(id) && !this.#isStarted(id) ? [id] : [],
    );
  }

  #isStarted(account: string): boolean {
    const runtime = this.of(account);
    return runtime !== undefined && this.#started.has(runtime);
  }

  /** Why an account is served elsewhere, as an error; undefined when it is not. */
  elsewhere(account: string): TapbackError | undefined {
    const said = this.#elsewhere.get(account);
    return said === undefined ? undefined : new TapbackError("ACCOUNT_ELSEWHERE", said);
  }

  /** Starts those that nobody serves. @returns whether there were any @throws what keeps one from its start */
  take(): Promise<boolean> {
    return this.#inLine(async () => (await this.#begin(this.#servable())).length > 0);
  }

  /** Follows a change of the configuration. @param removed ids @param restart ids of those that begin anew */
  change(removed: readonly string[], restart: readonly string[]): Promise<void> {
    const { log } = this.deps;
    return this.#inLine(async () => {
      const served = this.#servable();
      const stays = ({ account: { id } }: AccountRuntime) =>
        ![...removed, ...restart].includes(id) && served.some((account) => account.id === id);
      const ends = this.#runtimes.filter((runtime) => !stays(runtime));
      await Promise.all(
        ends.map((runtime) => runtime.stop({ goesOn: restart.includes(runtime.account.id) })),
      );
      this.#runtimes = this.#runtimes.filter(stays);
      const begun = await this.#begin(served);
      for (const { account } of ends)
        log.info(restart.includes(account.id) ? "account restarted" : "account stopped", {
          account: account.id,
        });
      for (const id of begun) if (!restart.includes(id)) log.info("account started", { account: id });
    });
  }

  /** Takes nothing new in, here or from other nodes. */
  async stopIntake(): Promise<void> {
    this.#isOver = true;
    await this.#line;
    await Promise.all(this.#runtimes.map((account) => account.stopIntake()));
  }

  /** Ends them all. */
  async stop(ending: Ending): Promise<void> {
    await Promise.all(this.#runtimes.map((account) => account.stop(ending)));
    this.#runtimes = [];
  }

  /** How each account of the configuration does. */
  statuses(): Promise<AccountStatus[]> {
    return Promise.all(
      resolveAccounts(this.deps.config()).map((account) => {
        const { id } = account;
        return (
          this.of(id)?.status() ??
          idleStatus(account, { twin: this.#twins.get(id), elsewhere: this.#elsewhere.get(id) })
        );
      }),
    );
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#line.then(work);
    this.#line = done.catch(() => {});
    return done;
  }

  /** @returns the ids of those that are at work now and were not */
  async #begin(served: readonly Account[]): Promise<string[]> {
    const begins = served
      .filter(({ id }) => !this.#runtimes.some(({ account }) => account.id === id))
      .map((account) => this.deps.make(account));
    if (this.#isOver || begins.length === 0) return [];
    this.#runtimes = [...this.#runtimes, ...begins];
    const begun = await Promise.all(begins.map((runtime) => this.#start(runtime)));
    return begins.flatMap(({ account: { id } }, index) => (begun[index] ? [id] : []));
  }

  /** @returns false when another node has it */
  async #start(runtime: AccountRuntime): Promise<boolean> {
    const { id } = runtime.account;
    const { log } = this.deps;
    const stoodBy = this.#elsewhere.has(id);
    try {
      // It was stopped while this gateway stood by: nothing was missed.
      await runtime.start({ stoodBy });
    } catch (error) {
      this.#runtimes = this.#runtimes.filter((each) => each !== runtime);
      if (error instanceof TapbackError && error.code === "ACCOUNT_ELSEWHERE") {
        if (this.#elsewhere.get(id) !== error.message)
          log.info(`${error.message}; this gateway stands by`, { account: id });
        this.#elsewhere.set(id, error.message);
        return false;
      }
      await runtime.stop({ hasFailed: true }).catch((failure) => {
        log.error(`the account could not be ended: ${messageOf(failure)}`, { account: id });
      });
      throw error;
    }
    this.#started.add(runtime);
    this.#elsewhere.delete(id);
    if (stoodBy) log.info("account taken over", { account: id });
    return true;
  }

  #servable(): Account[] {
    const enabled = resolveAccounts(this.deps.config()).filter((account) => account.enabled);
    const { served, twinOf } = twinsAmong(enabled, this.deps.home);
    for (const [account, twin] of twinOf)
      if (this.#twins.get(account) !== twin)
        this.deps.log.error(
          `account "${account}" is not served: account "${twin}" has the same Messages database, and each message would be answered twice`,
          { account },
        );
    this.#twins = twinOf;
    // What this gateway is not to serve it does not stand by for: what came meanwhile was missed (behaviour 9.4).
    for (const id of this.#elsewhere.keys())
      if (!served.some((account) => account.id === id)) this.#elsewhere.delete(id);
    return served;
  }
}
