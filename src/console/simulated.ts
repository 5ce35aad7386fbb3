import { type Account, expandHome } from "../config/index.js";
import { runProgram, TapbackError } from "../platform/index.js";
import type { ConsoleDeps } from "./deps.js";

const timeoutMs = 10_000;

/** The simulator behind an account, used as a person with a phone would (docs/simulator.md). */
export class Simulated {
  /** By the program and its database. */
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(private readonly deps: Pick<ConsoleDeps, "env" | "home">) {}

  /** Whether the account's Messages are simulated; a real imsg does not know what is asked for that. */
  is(account: Account): Promise<boolean> {
    if (account.remoteHost !== undefined) return Promise.resolve(false);
    const key = JSON.stringify([account.cliPath, account.dbPath]);
    const known = this.#known.get(key) ?? this.#look(account);
    this.#known.set(key, known);
    return known;
  }

  /** Runs a command of the simulator. @returns what it prints @throws `SIMULATOR_REFUSED`; `ACTION_UNSUPPORTED` on a real Mac */
  async run(account: Account, words: string[]): Promise<unknown> {
    if (!(await this.is(account)))
      throw new TapbackError("PHONE_REFUSED", "this account has a Mac of its own: nobody else writes there");
    const run = await this.#start(account, words);
    if (run.state !== "ended" || run.exitCode !== 0)
      throw new TapbackError(
        "PHONE_REFUSED",
        run.state === "ended"
          ? (run.stderr || run.stdout).trim().slice(0, 500)
          : "the simulator did not answer",
      );
    return JSON.parse(run.stdout);
  }

  async #look(account: Account): Promise<boolean> {
    const run = await this.#start(account, ["world", "show"]);
    if (run.state !== "ended" || run.exitCode !== 0) return false;
    try {
      const world: unknown = JSON.parse(run.stdout);
      return typeof world === "object" && world !== null && "folder" in world && "sip" in world;
    } catch {
      return false;
    }
  }

  #start({ cliPath, dbPath }: Account, words: string[]) {
    const { env, home } = this.deps;
    const database = dbPath === undefined ? [] : ["--db", expandHome(dbPath, home)];
    return runProgram(expandHome(cliPath, home), [...words, ...database, "--json"], { env, timeoutMs });
  }
}
