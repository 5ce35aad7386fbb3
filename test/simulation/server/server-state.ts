import type { Clock, Database } from "../../../src/platform/index.js";
import type { Store } from "../../../src/store/index.js";
import { openPostgresStore } from "../../../src/store/postgres/index.js";
import type { KeptState } from "../kept-state.js";
import type { PgDatabase } from "./database.js";
import { Mirror } from "./mirror.js";
import type { StateServer } from "./server.js";

/** Where the state of several gateways is. */
export const serverUrl = "postgres://world@server.invalid/world";

/** Whose an account is by the server's table. */
export interface Owned {
  account: string;
  /** Id of the node; null: nobody's. */
  node: string | null;
  fence: number;
  /** When it was stopped in order; null where it is not. */
  stopped_at: number | null;
}

/** The state on the server of the world. */
export class ServerState implements KeptState {
  readonly isQuiet = false;
  readonly #mirror: Mirror;
  #changes = 0;

  /** @param path of a file for what is read of it */
  constructor(
    path: string,
    private readonly clock: Clock,
    private readonly database: PgDatabase,
    private readonly server: () => StateServer,
  ) {
    this.#mirror = new Mirror(
      path,
      database,
      () => this.#changes,
      () => server().floor !== undefined,
    );
  }

  get state(): Database {
    return this.#mirror.state;
  }

  get isThere(): boolean {
    return this.database.rows("SELECT to_regclass('account') IS NOT NULL AS known")[0]!.known === 1;
  }

  /** Something may have been committed. */
  changed(): void {
    this.#changes++;
  }

  /** Whose each account is now; undefined where nobody can say, for a transaction is open. */
  owned(): Owned[] | undefined {
    if (this.server().floor !== undefined || !this.isThere) return undefined;
    return this.database.rows(
      "SELECT id AS account, node, fence, stopped_at FROM account ORDER BY id",
    ) as unknown as Owned[];
  }

  fails(): boolean {
    return false;
  }

  open(): Store {
    return openPostgresStore(serverUrl, this.clock);
  }

  lifeEnds(): void {}

  cut(): void {}

  tick(): void {}

  heal(): void {
    this.server().heal();
  }

  closeReader(): void {}

  /** Ends the look at it. */
  close(): void {
    this.#mirror.close();
  }
}
