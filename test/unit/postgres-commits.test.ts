import pg, { type PoolClient } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Clock, systemClock } from "../../src/platform/index.js";
import type { Store } from "../../src/store/index.js";
import { openPostgresStore, postgresStoreOver } from "../../src/store/postgres/index.js";
import { migrate } from "../../src/store/postgres/migrate.js";
import {
  type Connections,
  Server,
  type ServerListener,
  serverAddress,
} from "../../src/store/postgres/server.js";
import { item } from "../contract/store/bench.js";
import { FakeClock } from "../support/fake-clock.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { until } from "../support/process-alive.js";

/** Connections that break, or are late, when the test says so. */
class Breaking implements Connections {
  #code: string | undefined;
  #late: Promise<void> | undefined;

  constructor(private readonly server: Server) {}

  /** The next commit is kept, and its answer replaced by what a socket says. */
  breakAfterCommit(code: string): void {
    this.#code = code;
  }

  /** The next one that reads is there after a while. */
  delayReader(late: Promise<void>): void {
    this.#late = late;
  }

  get statements() {
    return this.server.statements;
  }

  async readers() {
    const late = this.#late;
    this.#late = undefined;
    await late;
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

/** Commits of which nobody knows what became of them, and their order (behaviour 21.1b). */
describe.skipIf(withoutPostgres)("commits on a server", () => {
  let server: PostgresHere;
  const opened: Store[] = [];
  beforeAll(async () => {
    server = await new PostgresHere().start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(() => server.remove());

  function open(url = server.url(), clock: Clock = systemClock): { store: Store; connections: Breaking } {
    const address = serverAddress(url);
    const connections = new Breaking(new Server(address, (client) => migrate(client, address.schema)));
    const store = postgresStoreOver(connections, address.schema, clock);
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
  ])("are asked for, whatever the way to the server broke with: %s", async (code) => {
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

  it("are not taken for kept because another one has its number after a crash of the server", async () => {
    const url = server.url();
    const schema = new URL(url).searchParams.get("schema")!;
    const clock = new FakeClock();
    const { store } = open(url, clock);
    await store.outbox.add("default", item("before"), 1);
    // What is not committed stays in the memory of the server, and a commit waits in its middle.
    for (const sql of [
      "ALTER SYSTEM SET wal_writer_delay = '10s'",
      "SELECT pg_reload_conf()",
      `CREATE FUNCTION ${schema}.waits() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'`,
      `CREATE CONSTRAINT TRIGGER waits AFTER INSERT ON ${schema}.outbox DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION ${schema}.waits()`,
    ])
      await server.ask(sql);
    const holder = new pg.Client({ host: server.folder, user: "tapback", database: "postgres" });
    holder.on("error", () => {});
    await holder.connect();
    await holder.query("SELECT pg_advisory_lock(4711)");
    const added = store.outbox.add("default", item("once"), 2);
    const committing = () =>
      server.ask(
        "SELECT backend_xid::text AS number FROM pg_stat_activity WHERE wait_event = 'advisory' AND query = 'COMMIT'",
      );
    await until("the commit waits", async () => (await committing()).length > 0);
    const [lost] = await committing();
    await server.stop("now");
    await until("its end is noticed", () => clock.waiting > 0);
    await server.run();
    const [other] = await server.ask("SELECT pg_current_xact_id()::text AS number");
    expect(other).toEqual(lost);
    await clock.advance(1000);
    const id = await added;
    const sent = await store.outbox.list({ limit: 9 });
    expect(sent.map((each) => [each.id, each.text])).toEqual([
      [id, "once"],
      [expect.any(Number), "before"],
    ]);
  });

  it("keep changes of a connection in their order, though a connection to the server is late", async () => {
    const { store, connections } = open();
    const { cursor } = await store.events.follow("reader", 1);
    let arrive = () => {};
    connections.delayReader(
      new Promise((resolve) => {
        arrive = resolve;
      }),
    );
    const noted = ["starting", "live"].map((state, at) => store.events.noteHealth("work", { state }, at));
    // Whatever is written after it: the second one is kept by then, where it waits for nothing.
    await store.outbox.add("default", item("after"), 2);
    await store.outbox.add("default", item("after"), 2);
    arrive();
    await Promise.all(noted);
    const { events } = await store.events.after(cursor, { limit: 9, types: ["health"] });
    expect(events.map(({ facts }) => (facts as { state: string }).state)).toEqual(["starting", "live"]);
    expect(events.map(({ at }) => at)).toEqual([0, 1]);
  });

  it("leave no mark behind when the store closes, and take no other process's", async () => {
    const url = server.url();
    const marks = () => server.ask(`SELECT mark FROM ${new URL(url).searchParams.get("schema")}.commit_mark`);
    const [one, other] = [openPostgresStore(url), open(url).store];
    await one.outbox.add("default", item("one"), 1);
    await other.outbox.add("default", item("two"), 1);
    expect(await marks()).toHaveLength(2);
    await one.close();
    expect(await marks()).toHaveLength(1);
    // It reads alone.
    const reader = openPostgresStore(url);
    await reader.outbox.list({ limit: 9 });
    await reader.close();
    expect(await marks()).toHaveLength(1);
  });
});
