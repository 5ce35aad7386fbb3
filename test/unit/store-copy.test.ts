import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QueryResult } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/platform/index.js";
import { copyToFile, copyToServer } from "../../src/store/copy/index.js";
import { copiedTables } from "../../src/store/copy/tables.js";
import { openStateAt, openStore, type Store } from "../../src/store/index.js";
import { openPostgresStore } from "../../src/store/postgres/index.js";
import { Server } from "../../src/store/postgres/server.js";
import { dispatch, item, openTurn, pairing, row } from "../contract/store/bench.js";
import { PostgresHere, withoutPostgres } from "../support/postgres-here.js";
import { removeFolder } from "../support/remove-folder.js";

/** What a server would refuse as it is: the character NUL, half of a surrogate pair, and the mark that stands for them there. */
const odd = "a\0b \ud83d c \uFDD0 \\u0000 😀";

/** A state with something in every corner that copying could lose. */
async function filled(store: Store): Promise<void> {
  const { claim } = await store.accounts.claim("default", "node-1");
  await store.events.follow("reader", 1);
  await openTurn(store, claim, "t1", [1, 2], "agent:main:main");
  const [turn] = await store.turns.claim("node-1", 1, 2000);
  const replies = [item("yes"), item("and more", 7, { effect: "x", urgent: true })];
  const usage = [{ model: "m", inputTokens: 1, outputTokens: 2, cachedInputTokens: 0 }];
  await store.turns.end(
    turn!.claim,
    { outcome: "done", replies, session: { odd, deep: [1, { a: null }] }, usage, tellNext: odd },
    3000,
    false,
  );
  const [sent] = await store.outbox.take(claim, 1, 4000, () => true);
  await store.outbox.settle(sent!.claim, { state: "stored", guid: "S1", rowId: 9 }, 4100);
  await store.outbox.noteDelivery(sent!.item.id, {
    checkedAt: 5000,
    deliveredAt: 4900,
    downgraded: true,
    failed: false,
  });
  const [asks] = await store.journal.admit(claim, [row(3, { text: odd, senderName: odd })], "live", 6000);
  const request = {
    handle: "+1555",
    code: "ABCDEFGH",
    requestedAt: 1,
    expiresAt: 9e12,
    chatId: 7,
    text: odd,
  };
  const reply = item("code", 7, { origin: "pairing" });
  await store.journal.offerPairing(claim, { id: asks!, decision: pairing, request, reply, most: 3 }, 6000);
  await store.actions.begin(
    { account: "default", turnId: "t1", chat: "c", name: "poll", parameters: { odd } },
    0,
    [],
    1,
  );
  await store.enrolment.open("default", { phrase: "blue boat", owner: true, createdAt: 1, expiresAt: 9e12 });
  await store.enrolment.phraseSaid("default", "+1556", "red boat", { own: 9, all: 9 }, 2);
  await store.enrolment.phraseSaid("default", "+1556", "red boat", { own: 9, all: 9 }, 2);
  await store.pairing.admit("work", "kim@example.com", 7);
  await store.bindings.setSettings("s", { cwd: "/tmp" });
  await store.tokens.add({ id: "i", name: "n", hash: "h", scopes: ["read"], perMinute: 5, createdAt: 1 });
  const many = Array.from({ length: 1203 }, (_, index) => row(100 + index));
  const ids = await store.journal.admit(claim, many, "catchup", 7000);
  await store.journal.decide(claim, ids[0]!, dispatch, 7000);
}

/** All that a file holds, table by table. */
function dump(path: string) {
  const database = openDatabase(path);
  try {
    return Object.fromEntries(
      copiedTables.map((table) => [table, database.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()]),
    );
  } finally {
    database.close();
  }
}

describe.skipIf(withoutPostgres)("a state that is copied", () => {
  let server: PostgresHere;
  const folder = mkdtempSync(join(tmpdir(), "tapback-copy-"));
  const file = join(folder, "state.db");
  const outgoing = { into: join(folder, "outgoing"), named: "/state/outgoing" };
  beforeAll(async () => {
    server = await new PostgresHere().start();
    const store = openStore(file);
    await filled(store);
    await store.close({ settle: true });
  });
  afterAll(async () => {
    await server.remove();
    await removeFolder(folder);
  });

  it("says the same on the server, and in a file when it comes back", async () => {
    const url = server.url();
    const copied = await copyToServer(file, url);
    expect(copied).toMatchObject({ journal: 1206, turn: 1, enrolment_guess: 2, event_reader: 1 });
    const back = join(folder, "back.db");
    expect(await copyToFile(url, back, outgoing)).toEqual(copied);
    expect(dump(back)).toEqual(dump(file));
    const [there, here] = [openPostgresStore(url), openStore(back)];
    for (const ask of [
      (store: Store) => store.journal.list({ limit: 2000 }),
      (store: Store) => store.outbox.counts("default"),
      (store: Store) => store.outbox.deliveries("default"),
      (store: Store) => store.events.after(0, { limit: 2000 }),
      (store: Store) => store.events.readers(),
      (store: Store) => store.turns.get("t1"),
    ])
      expect(await ask(there)).toEqual(await ask(here));
    // Numbers go on behind those that were copied, and what happens is told again.
    const { claim } = await there.accounts.claim("default", "node-2");
    const before = await there.events.newest();
    const [id] = await there.journal.admit(claim, [row(5000)], "live", 8000);
    expect(id).toBe(1207);
    expect((await there.events.after(before, { limit: 9 })).events).toHaveLength(1);
    await Promise.all([there.close(), here.close()]);
  });

  it("brings along the files that wait to be sent, whole, and no others", async () => {
    const url = server.url();
    const there = await openStateAt({ stateDir: folder, url });
    const blobs = there.blobs!;
    for (const id of ["waits", "sent"]) {
      await blobs.begin(id, "t1", 1);
      for (const [place, text] of ["one ", "two"].entries()) await blobs.add(id, place, Buffer.from(text));
    }
    const { claim } = await there.accounts.claim("default", "node-1");
    const add = (file: string) => there.outbox.add("default", item("", 7, { file }), 1000);
    const sent = await add("blob:sent/a.txt");
    const [taken] = await there.outbox.take(claim, 1, 2000, () => true);
    await there.outbox.settle(taken!.claim, { state: "stored", guid: "S1", rowId: 9 }, 2100);
    const names = { waits: "blob:waits/a.txt", gone: "blob:gone/b.txt", here: "/state/outgoing/1/c.txt" };
    const ids = { waits: await add(names.waits), gone: await add(names.gone), here: await add(names.here) };
    await there.close();
    const back = join(folder, "with-files.db");
    await copyToFile(url, back, outgoing);
    const store = openStore(back);
    const fileOf = async (id: number) => (await store.outbox.get(id))?.file;
    expect(await fileOf(ids.waits)).toBe("/state/outgoing/waits/a.txt");
    expect(await fileOf(ids.gone)).toBe(names.gone);
    expect(await fileOf(ids.here)).toBe(names.here);
    expect(await fileOf(sent)).toBe("blob:sent/a.txt");
    await store.close();
    expect(readFileSync(join(outgoing.into, "waits/a.txt"), "utf8")).toBe("one two");
    expect(readdirSync(outgoing.into)).toEqual(["waits"]);
  });

  it("may take its time over what it reads in the file, while the server waits", async () => {
    const settings: unknown[] = [];
    const { connect } = Server.prototype;
    vi.spyOn(Server.prototype, "connect").mockImplementation(async function (this: Server) {
      const client = await connect.call(this);
      const query = client.query.bind(client) as (text: string, values?: unknown) => Promise<QueryResult>;
      client.query = (async (text: string, values?: unknown) => {
        const asked = await query(text, values);
        if (!/^BEGIN/.test(text)) return asked;
        settings.push((await query("SHOW idle_in_transaction_session_timeout")).rows[0]);
        return asked;
      }) as typeof client.query;
      return client;
    });
    const url = server.url();
    await copyToServer(file, url);
    const before = settings.length;
    await copyToFile(url, join(folder, "slow.db"), outgoing);
    vi.restoreAllMocks();
    expect([before > 0, settings.length > before]).toEqual([true, true]);
    expect(new Set(settings.map((each) => JSON.stringify(each)))).toEqual(
      new Set(['{"idle_in_transaction_session_timeout":"0"}']),
    );
  });

  it("goes nowhere where there is one already", async () => {
    const url = server.url();
    const used = await openStateAt({ stateDir: folder, url });
    await used.accounts.claim("default", "node-1");
    await used.close();
    await expect(copyToServer(file, url)).rejects.toMatchObject({ code: "STORE_EXISTS" });
    await expect(copyToFile(url, file, outgoing)).rejects.toMatchObject({ code: "STORE_EXISTS" });
    await expect(copyToFile(server.url(), join(folder, "none.db"), outgoing)).rejects.toMatchObject({
      code: "NO_STATE",
    });
    expect(existsSync(join(folder, "none.db"))).toBe(false);
  });

  it("is not kept where it does not say the same", async () => {
    const url = server.url();
    await (await openStateAt({ stateDir: folder, url })).close();
    const schema = new URL(url).searchParams.get("schema");
    // Something on the server changes what is written.
    await server.ask(`CREATE RULE other AS ON INSERT TO ${schema}.own_address DO INSTEAD NOTHING`);
    const changed = join(folder, "changed.db");
    copyFileSync(file, changed);
    const database = openDatabase(changed);
    database.exec("INSERT INTO own_address VALUES ('default', '+1')");
    database.close();
    await expect(copyToServer(changed, url)).rejects.toMatchObject({
      code: "STORE_COPY_DIFFERS",
      message: "of own_address, 2 rows were copied, and 0 are there or say something else",
    });
    expect(await server.ask(`SELECT * FROM ${schema}.account`)).toEqual([]);
  });

  it("is all of it: no table of either store is left out", async () => {
    const url = server.url();
    await (await openStateAt({ stateDir: folder, url })).close();
    const schema = new URL(url).searchParams.get("schema");
    const there = await server.ask(`SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`);
    const database = openDatabase(file);
    const here = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    database.close();
    const passing = ["blob", "blob_part", "commit_mark", "errand", "node"];
    const own = ["outbox_count", "schema", "schema_version", "sqlite_sequence", ...passing];
    const names = (all: unknown[]) => (all as string[]).filter((name) => !own.includes(name)).sort();
    const copied = [...copiedTables].sort();
    expect(names(there.map(({ tablename }) => tablename))).toEqual(copied);
    expect(names(here.map(({ name }) => name))).toEqual(copied);
  });
});
