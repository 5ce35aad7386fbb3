import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Store } from "../../src/store/index.js";
import { hasState, openStateAt } from "../../src/store/index.js";
import { lockPostgresState, openPostgresStore } from "../../src/store/postgres/index.js";
import { migrations } from "../../src/store/postgres/schema.js";
import { Server } from "../../src/store/postgres/server.js";
import { item, row, turn } from "../contract/store/bench.js";
import { commandHere } from "../support/command-here.js";
import { FakeClock } from "../support/fake-clock.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { PostgresProxy } from "../support/postgres-proxy.js";
import { until } from "../support/process-alive.js";

/** What a store on a server has to do beside the contract: connections break, and several write at once. */
describe.skipIf(withoutPostgres)("a server under a store", () => {
  let server: PostgresHere;
  let proxy: PostgresProxy;
  let way: string;
  const opened: Store[] = [];
  beforeAll(async () => {
    server = await new PostgresHere().start();
    proxy = new PostgresProxy(server.folder);
    way = await proxy.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    await proxy.close();
    await server.remove();
  });

  function open(url: string): Store {
    const store = openPostgresStore(url);
    opened.push(store);
    return store;
  }

  async function client(): Promise<pg.Client> {
    const made = new pg.Client({ host: server.folder, user: "tapback", database: "postgres" });
    await made.connect();
    return made;
  }

  it("is left by commands that fail, so that they end and hold nothing", async () => {
    const home = mkdtempSync(join(tmpdir(), "tapback-left-"));
    try {
      await server.ask("CREATE ROLE somebody SUPERUSER LOGIN");
      const [used, empty] = [server.url(), server.url()].map((url) =>
        url.replace("user=tapback", "user=somebody"),
      );
      const beside = open(server.url());
      expect(await beside.tokens.list()).toEqual([]);
      const at = (url: string | undefined, ...words: string[]) => {
        const file = join(home, "tapback.json5");
        const imessage = { cliPath: join(home, "no-imsg") };
        writeFileSync(file, JSON.stringify({ channels: { imessage }, store: { url } }));
        const env = { HOME: home, PATH: process.env.PATH, TAPBACK_CONFIG: file };
        return commandHere([...words, "--json"], env);
      };
      expect(await at(used, "token", "add", "one", "--scopes", "read")).toMatchObject({ code: 0 });
      const failing: [string | undefined, ...string[]][] = [
        [used, "preview"],
        [used, "drafts", "list", "--limit", "0"],
        [used, "drafts", "export", "--limit", "0"],
        [used, "token", "add", "one", "--scopes", "read"],
        [empty, "people", "forget", "+15550100123", "--yes"],
        [empty, "people", "forget", "+15550100123", "--yes"],
      ];
      const codes: string[] = [];
      for (const [url, ...words] of failing) {
        const { stdout } = await at(url, ...words);
        codes.push(JSON.parse(stdout).error.code);
        const left = () => server.ask("SELECT 1 FROM pg_stat_activity WHERE usename = 'somebody'");
        await until(`no connection is left by ${words.join(" ")}`, async () => (await left()).length === 0);
      }
      expect(codes).toEqual(["IMSG_NOT_FOUND", "USAGE", "USAGE", "TOKEN_EXISTS", "NO_STATE", "NO_STATE"]);
      expect(await beside.tokens.list()).toEqual([]);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  it.each(["unsent", "unanswered"] as const)("does a write once whose commit is %s", async (loss) => {
    const store = open(server.url(undefined, way));
    await store.outbox.add("default", item("before"), 1);
    proxy.lose(loss);
    const [one, two] = await Promise.all([
      store.outbox.add("default", item("one"), 2),
      store.outbox.add("work", item("two"), 2),
    ]);
    const sent = await store.outbox.list({ limit: 9 });
    expect(sent.map(({ id, text }) => [id, text])).toEqual([
      [two, "two"],
      [one, "one"],
      [expect.any(Number), "before"],
    ]);
    expect(store.health().error).toBeUndefined();
  });

  it("does a write once whose commit is unanswered while the store closes", async () => {
    const store = openPostgresStore(server.url("closing", way));
    await store.outbox.add("default", item("earlier"), 1);
    proxy.lose("unanswered");
    const added = store.outbox.add("default", item("last"), 2);
    await Promise.all([added, store.close()]);
    const sent = await open(server.url("closing")).outbox.list({ limit: 99 });
    expect(sent.filter(({ text }) => text === "last").map(({ id }) => id)).toEqual([await added]);
    expect(sent.filter(({ text }) => text === "earlier")).toHaveLength(1);
  });

  it("goes on after its connections were ended, reading and writing", async () => {
    const store = open(server.url());
    await store.outbox.add("default", item("one"), 1);
    const heard: string[] = [];
    const stop = store.watch("outbox", () => heard.push("outbox"));
    await server.ask(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tapback'",
    );
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(1);
    await store.outbox.add("default", item("two"), 2);
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(2);
    // What others did meanwhile may have been missed.
    expect(heard.length).toBeGreaterThanOrEqual(2);
    stop();
  });

  it("goes on when a newer version adds to its tables under it, reading and writing", async () => {
    const url = server.url();
    const store = open(url);
    const { claim } = await store.accounts.claim("default", "node");
    await store.events.follow("reader", 1);
    const over = { outcome: "done" as const, replies: [] };
    /** Each of its connections plans its statements. */
    const used = async (id: string) => {
      expect(await store.turns.open(claim, turn(id), [], [], 1000)).toBe("ok");
      const [taken] = await store.turns.claim("node", 1, 1000);
      const seen = await Promise.all(Array.from({ length: 12 }, () => store.turns.get(id)));
      const told = await Promise.all(Array.from({ length: 12 }, () => store.events.after(0, { limit: 99 })));
      expect(await store.turns.end(taken!.claim, over, 1000, false)).toEqual({ held: "ok" });
      return [taken!.turn.id, ...new Set(seen.map((one) => one?.state)), told.at(-1)!.events.length];
    };
    expect(await used("t1")).toEqual(["t1", "running", 1]);
    const schema = new URL(url).searchParams.get("schema");
    for (const table of ["turn", "event", "session", "account"])
      await server.ask(`ALTER TABLE ${schema}.${table} ADD COLUMN newer text`);
    expect(await used("t2")).toEqual(["t2", "running", 3]);
    expect(store.health().error).toBeUndefined();
    expect(await used("t3")).toEqual(["t3", "running", 5]);
  });

  it("keeps no lock that is given back while it is taken again after a break", async () => {
    const url = server.url();
    const clock = new FakeClock();
    const lock = await lockPostgresState(url, clock, "alone");
    const ours = "FROM pg_stat_activity WHERE application_name = 'tapback'";
    await server.ask(`SELECT pg_terminate_backend(pid) ${ours}`);
    await until("the break is noticed", () => clock.waiting > 0);
    const connecting = vi.spyOn(Server.prototype, "connect");
    await clock.advance(2000);
    expect(connecting).toHaveBeenCalledOnce();
    await lock.release();
    await connecting.mock.results[0]!.value;
    connecting.mockRestore();
    await until("nobody is connected", async () => (await server.ask(`SELECT 1 ${ours}`)).length === 0);
  });

  it("has a state alone that no node of before goes on with, and leaves all as it was where one is alive", async () => {
    const url = server.url();
    const store = open(url);
    const nodes = store.nodes!;
    for (const id of ["asleep", "alive"])
      await nodes.join({ id, kind: "gateway", name: id, pid: 7, version: "1.0.0" }, 600_000);
    const { claim } = await store.accounts.claim("default", "asleep");
    await store.turns.open(claim, turn("t1"), [], [], 1000);
    const [running] = await store.turns.claim("asleep", 1, 1000);
    const runOut = async () => {
      await nodes.renew("asleep", 1);
      const leftMs = async () => (await nodes.list()).find(({ id }) => id === "asleep")!.leftMs;
      await until("the lease is over", async () => (await leftMs()) < 0);
    };
    await runOut();
    const alone = () => lockPostgresState(url, new FakeClock(), "alone");
    await expect(alone()).rejects.toMatchObject({
      code: "GATEWAY_RUNNING",
      message: expect.stringContaining("the gateway on alive"),
    });
    expect(await nodes.renew("asleep", 600_000)).toBe("ok");
    expect(await store.accounts.setCursor(claim, 5)).toBe("ok");
    await nodes.leave("alive");
    await runOut();
    const lock = await alone();
    expect(await nodes.renew("asleep", 600_000)).toBe("lost");
    expect(await store.accounts.setCursor(claim, 9)).toBe("lost");
    expect(await store.turns.emit(running!.claim, [item("late")], 0, 3000)).toBe("lost");
    await lock.release();
    expect((await store.turns.get("t1"))?.state).toBe("queued");
  });

  it("says that it cannot be reached, and is well again by itself", async () => {
    const store = open(server.url());
    await store.outbox.add("default", item("one"), 1);
    await server.stop("now");
    expect((await store.probe()).error).toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
    await expect(store.outbox.list({ limit: 9 })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await server.run();
    expect((await store.probe()).error).toBeUndefined();
    expect(await store.outbox.list({ limit: 9 })).toHaveLength(1);
  });

  it("gives events their ids in the order of commits, whichever transaction began first", async () => {
    const url = server.url();
    const store = open(url);
    const { claim } = await store.accounts.claim("default", "node-1");
    await store.events.follow("reader", 1);
    const slow = await client();
    await slow.query(`SET search_path = ${new URL(url).searchParams.get("schema")}`);
    await slow.query("BEGIN");
    await slow.query(
      `INSERT INTO journal (account, guid, row_id, chat_id, sender, own, is_group, arrival, received_at, sent_at, state, body)
       SELECT 'work', 'SLOW', 1, 9, 'x', 0, 0, 'live', 1, 1, 'new', '${JSON.stringify(row(1))}'::json`,
    );
    await store.journal.admit(claim, [row(2)], "live", 1000);
    const first = await store.events.after(0, { limit: 9 });
    expect(first.events.map(({ account }) => account)).toEqual(["default"]);
    await slow.query("COMMIT");
    await slow.end();
    const then = await store.events.after(first.cursor, { limit: 9 });
    expect(then.events.map(({ account }) => account)).toEqual(["work"]);
  });

  it("tells of no row as settled behind one that another process is still keeping", async () => {
    const url = server.url();
    const [one, two] = [open(url), open(url)];
    const { claim } = await one.accounts.claim("default", "node-1");
    const { claim: others } = await two.accounts.claim("work", "node-2");
    const [first] = (await two.journal.admit(others, [row(1)], "live", 1000)) as number[];
    // It has numbered its row, and waits for somebody who writes the same address.
    const holder = await client();
    await holder.query(`SET search_path = ${new URL(url).searchParams.get("schema")}`);
    await holder.query("BEGIN");
    await holder.query("INSERT INTO own_address (account, address) VALUES ('default', 'me@example.com')");
    const slow = one.journal.admit(claim, [row(2, { destination: "me@example.com" })], "live", 1000);
    await until(
      "it waits",
      async () => (await server.ask("SELECT 1 FROM pg_locks WHERE NOT granted")).length > 0,
    );
    const [later] = (await two.journal.admit(others, [row(3)], "live", 1000)) as number[];
    expect(await two.journal.placedUpTo(undefined, 0)).toBe(first);
    await holder.query("ROLLBACK");
    await holder.end();
    const [between] = (await slow) as number[];
    expect([first! < between!, between! < later!]).toEqual([true, true]);
    expect(await two.journal.placedUpTo(undefined, 0)).toBe(later);
    const told = await two.journal.list({ limit: 9, oldestFirst: true, after: first!, before: later! + 1 });
    expect(told.map(({ id }) => id)).toEqual([between, later]);
  });

  it("keeps what two processes write that read the same, as if one had come after the other", async () => {
    const url = server.url();
    const stores = [open(url), open(url)];
    await stores[0]!.probe();
    const message = (id: string) => ({
      ...{ id, account: "default", sessionKey: "s", dueAt: 1, createdAt: 1, item: item("x") },
    });
    // One more may wait in the conversation each time, whoever counts.
    for (let round = 1; round <= 15; round++) {
      const added = await Promise.all(
        stores.map((store, which) => store.schedule.add(message(`${round}.${which}`), { most: round })),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
    }
    expect(await stores[0]!.schedule.list()).toHaveLength(15);
  });

  it("keeps a text that the server would refuse, and finds it", async () => {
    const store = open(server.url());
    const odd = "a\0b \ud83d \uFDD0 \uFDD00000 😀";
    const id = await store.outbox.add("default", item(odd), 1);
    expect((await store.outbox.get(id))?.text).toBe(odd);
    await store.pairing.admit("default", odd, 1);
    expect(await store.pairing.isApproved("default", odd)).toBe(true);
    expect(await store.pairing.isApproved("default", "a")).toBe(false);
    expect(await store.pairing.approvals()).toMatchObject([{ handle: odd }]);
  });

  it("looks through all sends once more after a version that passed polls over", async () => {
    const url = server.url();
    const store = open(url);
    const { claim } = await store.accounts.claim("default", "node");
    const { text: _, ...poll } = item("", 7, { act: { name: "poll", parameters: { question: "When?" } } });
    const id = await store.outbox.add("default", poll, 1000);
    const [taken] = await store.outbox.take(claim, 1, 1000);
    await store.outbox.settle(taken!.claim, { state: "stored", guid: "S1" }, 1000);
    const schema = new URL(url).searchParams.get("schema");
    await server.ask(`DELETE FROM ${schema}.schema_version WHERE version >= 5`);
    await server.ask(`DROP TABLE ${schema}.commit_mark`);
    await server.ask(`INSERT INTO ${schema}.forgotten VALUES ('outbox', ${id})`);
    const later = open(url);
    await later.journal.forget(2000);
    expect((await later.outbox.get(id))?.act).toBeUndefined();
  });

  it("refuses a database in an encoding that cannot hold what people write, with what makes one that can", async () => {
    const named = (url: string) => url.replace("/postgres?", "/latin?");
    await server.ask(
      "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    );
    const place = { stateDir: "/nowhere", url: named(server.url()) };
    const refusal = {
      code: "STORE_UNAVAILABLE",
      message: "the database is in LATIN1; it has to be in UTF8",
      hint: expect.stringContaining("CREATE DATABASE latin_utf8 OWNER tapback"),
    };
    await expect(openStateAt(place)).rejects.toMatchObject(refusal);
    const error = await hasState(place).catch((thrown) => thrown);
    expect(error).toMatchObject(refusal);
    await server.ask(error.hint.slice(error.hint.indexOf("CREATE DATABASE")));
    const better = await openStateAt({ ...place, url: place.url.replace("/latin?", "/latin_utf8?") });
    opened.push(better);
    const id = await better.outbox.add("default", item("I’m there 🎉"), 1);
    expect((await better.outbox.get(id))?.text).toBe("I’m there 🎉");
  });

  it.each(["default", "user"])("takes a schema whose name is a word of SQL: %s", async (schema) => {
    const url = server.url(schema);
    const place = { stateDir: "/nowhere", url };
    const lock = await lockPostgresState(url, new FakeClock(), "shared");
    const store = await openStateAt(place);
    opened.push(store);
    const id = await store.outbox.add("default", item("one"), 1);
    expect((await store.outbox.list({ limit: 9 })).map((each) => each.id)).toEqual([id]);
    expect(await hasState(place)).toBe(true);
    expect(await server.ask(`SELECT text FROM "${schema}".outbox`)).toEqual([{ text: "one" }]);
    await lock.release();
  });

  it("refuses a schema that could not be made, before it connects", async () => {
    for (const schema of ["pg_state", "Mine", "1st", "a".repeat(42)])
      await expect(openStateAt({ stateDir: "/nowhere", url: server.url(schema) })).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("schema"),
      });
  });

  it("waits for whoever brings a state up to date, however long a statement may take", async () => {
    const url = server.url();
    const schema = new URL(url).searchParams.get("schema");
    opened.push(await openStateAt({ stateDir: "/nowhere", url }));
    await server.ask(`DELETE FROM ${schema}.schema_version WHERE version = 7`);
    await server.ask(`DROP TABLE ${schema}.commit_mark`);
    const other = await client();
    await other.query("BEGIN");
    await other.query("SELECT pg_advisory_xact_lock(hashtext('tapback schema'), hashtext($1))", [schema]);
    const limits = "lock_timeout=50&statement_timeout=2000&query_timeout=2000";
    let ended = false;
    const opening = openStateAt({ stateDir: "/nowhere", url: `${url}&${limits}` });
    const settled = opening
      .catch(() => {})
      .then(() => {
        ended = true;
      });
    const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND clock_timestamp() - query_start > '2.1 s'`;
    await until("it waits for longer", async () => ended || (await server.ask(waits)).length > 0);
    expect(ended).toBe(false);
    await other.query("COMMIT");
    await other.end();
    await settled;
    const store = await opening;
    opened.push(store);
    expect(await store.turns.counts()).toMatchObject({ queued: 0 });
  });

  it("makes a state once, of several that open it at once, and none where only somebody looks", async () => {
    const url = server.url();
    expect(await hasState({ stateDir: "/nowhere", url })).toBe(false);
    const stores = await Promise.all([0, 1, 2].map(() => openStateAt({ stateDir: "/nowhere", url })));
    opened.push(...stores);
    expect(await hasState({ stateDir: "/nowhere", url })).toBe(true);
    const schema = new URL(url).searchParams.get("schema");
    expect(await server.ask(`SELECT version::int FROM ${schema}.schema_version`)).toEqual(
      migrations.map(({ version }) => ({ version })),
    );
    await server.ask(`INSERT INTO ${schema}.schema_version VALUES (9, 9)`);
    await expect(openStateAt({ stateDir: "/nowhere", url })).rejects.toMatchObject({ code: "STORE_TOO_NEW" });
    // One that a newer version left readable is used.
    await server.ask(`UPDATE ${schema}.schema_version SET compatible_with = 1 WHERE version = 9`);
    opened.push(await openStateAt({ stateDir: "/nowhere", url }));
  });
});
