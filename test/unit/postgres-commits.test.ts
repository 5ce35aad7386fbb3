import type { PoolClient } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
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
import { item } from "../contract/store/bench.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";

/** Connections of which the one that writes breaks when the test says so. */
class Breaking implements Connections {
  #code: string | undefined;

  constructor(private readonly server: Server) {}

  /** The next commit is kept, and its answer replaced by what a socket says. */
  breakAfterCommit(code: string): void {
    this.#code = code;
  }

  get statements() {
    return this.server.statements;
  }

  readers() {
    return this.server.readers();
  }

  async writer(): Promise<PoolClient> {
    const client = await this.server.writer();
    const query = client.query.bind(client) as (...of: unknown[]) => Promise<unknown>;
    const broken = async (...of: unknown[]) => {
      const answer = await query(...of);
      const code = of[0] === "COMMIT" ? this.#code : undefined;
      if (code === undefined) return answer;
      this.#code = undefined;
      throw Object.assign(new Error(`write ${code}`), { code });
    };
    return Object.assign(client, { query: broken });
  }

  hear(listener: ServerListener): void {
    this.server.hear(listener);
  }

  close() {
    return this.server.close();
  }
}

/** Commits of which nobody knows what became of them (behaviour 21.1b). */
describe.skipIf(withoutPostgres)("a commit whose answer is lost", () => {
  let server: PostgresHere;
  const opened: Store[] = [];
  beforeAll(async () => {
    server = await new PostgresHere().start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(() => server.remove());

  function open(): { store: Store; connections: Breaking } {
    const address = serverAddress(server.url());
    const connections = new Breaking(new Server(address, (client) => migrate(client, address.schema)));
    const store = postgresStoreOver(connections, address.schema, systemClock);
    opened.push(store);
    return { store, connections };
  }

  it.each([
    ...[
      "ECONNRESET",
      "EADDRNOTAVAIL",
      "EHOSTDOWN",
      "ENETDOWN",
      "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
    ],
  ])("is asked for, whatever the way to the server broke with: %s", async (code) => {
    const { store, connections } = open();
    await store.outbox.add("default", item("before"), 1);
    connections.breakAfterCommit(code);
    const id = await store.outbox.add("default", item("once"), 2);
    const sent = await store.outbox.list({ limit: 9 });
    expect(sent.map((each) => [each.id, each.text])).toEqual([
      [id, "once"],
      [expect.any(Number), "before"],
    ]);
    expect(store.health().error).toBeUndefined();
  });
});
