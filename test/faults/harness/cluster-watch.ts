import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

/** Between two looks at whose the account is, milliseconds. */
const everyMs = 50;

/** Whose the account was from a moment on. */
interface Owned {
  /** When that was seen, milliseconds since the epoch: it was so before. */
  at: number;
  /** Of the owner's process; undefined: nobody's. */
  pid: number | undefined;
}

/** Watches on the server itself whose an account is, and beside each imsg who tells it to do something. */
export class ClusterWatch {
  readonly owners: Owned[] = [];
  #isOver = false;
  #watching: Promise<void> = Promise.resolve();

  /** @param folder of the server's socket @param schema of the state @param file that the witnesses write */
  constructor(
    private readonly folder: string,
    private readonly schema: string,
    private readonly file: string,
  ) {}

  /** Begins to watch. */
  start(): void {
    this.#watching = this.#watch();
  }

  /** Whose the account is, as it was last seen. */
  get owner(): number | undefined {
    return this.owners.at(-1)?.pid;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#watching;
  }

  /** Calls that changed something on the Mac, of a process that was seen not to have the account any more. */
  strangers(): string[] {
    return this.#calls().flatMap(({ at, owner, method }) => {
      const owned = this.owners.findLast((one) => one.at <= at);
      const isStranger = owned?.pid !== undefined && owned.pid !== owner;
      return isStranger
        ? [`${owner} called ${method} ${at - owned.at} ms after ${owned.pid} had the account`]
        : [];
    });
  }

  /** How many calls were seen. */
  get calls(): number {
    return this.#calls().length;
  }

  #calls(): { at: number; owner: number; method: string }[] {
    const lines = readFileSync(this.file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  }

  async #watch(): Promise<void> {
    let client: pg.Client | undefined;
    while (!this.#isOver) {
      try {
        client ??= await this.#connect();
        const { rows } = await client.query(
          `SELECT node.pid::int AS pid FROM ${this.schema}.account LEFT JOIN ${this.schema}.node ON node.id = account.node WHERE account.id = 'default'`,
        );
        const pid: number | undefined = rows[0]?.pid ?? undefined;
        if (this.owners.length === 0 || this.owner !== pid) this.owners.push({ at: Date.now(), pid });
      } catch {
        // The server is away, or not made yet.
        await client?.end().catch(() => {});
        client = undefined;
      }
      await pause(everyMs);
    }
    await client?.end().catch(() => {});
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ host: this.folder, user: "tapback", database: "postgres" });
    client.on("error", () => {});
    await client.connect();
    return client;
  }
}
