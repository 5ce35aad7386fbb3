import type { PoolClient } from "pg";
import { systemClock } from "../../src/platform/index.js";
import type { Store } from "../../src/store/index.js";
import { postgresStoreOver } from "../../src/store/postgres/index.js";
import { migrate } from "../../src/store/postgres/migrate.js";
import {
  type Connections,
  Server,
  type ServerListener,
  serverAddress,
} from "../../src/store/postgres/server.js";
import type { PostgresHere } from "./postgres-here.js";

const schema = "place";

/** Empties the state; its schema stays, for making one takes longer than most tests. What triggers would write is deleted as well. */
const wipe = `DO $$
DECLARE name text;
BEGIN
  SET LOCAL search_path = ${schema};
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = '${schema}' AND tablename NOT IN ('schema_version', 'event_gap') LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = '${schema}' AND sequencename <> 'change' LOOP
    PERFORM setval(name, 1, false);
  END LOOP;
  UPDATE event_gap SET up_to = 0;
END $$`;

/** The connections of a process that goes on when its store is closed: those of the next test are warm already. */
class Kept implements Connections {
  constructor(
    private readonly server: Server,
    private readonly isClean: Promise<unknown>,
  ) {}

  get statements() {
    return this.server.statements;
  }

  async readers() {
    await this.isClean;
    return this.server.readers();
  }

  async writer(): Promise<PoolClient> {
    await this.isClean;
    return this.server.writer();
  }

  hear(listener: ServerListener): void {
    this.server.hear(listener);
  }

  async close(): Promise<void> {
    this.server.hear({ notified: () => {}, reconnected: () => {} });
  }
}

/**
 * States on one server by the places where tests open them, one after the other. Each store of a place has connections of its
 * own, as another process would.
 */
export class PostgresPlaces {
  readonly #processes: Server[] = [];
  #place: string | undefined;
  #isClean: Promise<unknown> = Promise.resolve();
  #opened = 0;

  constructor(private readonly server: PostgresHere) {}

  /** Opens the state of a place; the same place is the same state. */
  open(place: string): Store {
    if (place !== this.#place) {
      this.#isClean = this.#wiped(this.#place === undefined);
      this.#place = place;
      this.#opened = 0;
    }
    const address = serverAddress(this.server.url(schema));
    const process = this.#processes[this.#opened] ?? new Server(address, (client) => migrate(client, schema));
    this.#processes[this.#opened++] = process;
    return postgresStoreOver(new Kept(process, this.#isClean), schema, systemClock);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.close()));
  }

  async #wiped(isFirst: boolean): Promise<void> {
    if (!isFirst) await (await this.#processes[0]!.readers()).query(wipe);
  }
}
