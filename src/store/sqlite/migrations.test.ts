import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { about, row } from "../../../test/contract/store/bench.js";
import { openDatabase } from "../../platform/index.js";
import { openStore } from "./index.js";
import { migrations } from "./migrations.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-migrations-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("knows whose group a session of an earlier version was, and forgets what several accounts told one", async () => {
  const path = join(folder, "state.db");
  const before = openDatabase(path);
  for (const { version, sql } of migrations.filter(({ version }) => version < 8))
    before.exec(`${sql}; PRAGMA user_version = ${version}`);
  const sessions = {
    "agent:main:imessage:group:1": ["home"],
    "agent:main:imessage:group:2": ["work", "work"],
    "agent:main:imessage:group:3": ["home", "work"],
    "agent:main:main": ["home", "work"],
  };
  for (const [key, accounts] of Object.entries(sessions)) {
    before.exec(`INSERT INTO session (key, memory) VALUES ('${key}', '"of ${key}"')`);
    for (const [index, account] of accounts.entries())
      before.exec(`INSERT INTO turn (id, account, session_key, agent_id, state, queued_at, envelope)
                   VALUES ('${key} ${index}', '${account}', '${key}', 'main', 'done', 1, '{}')`);
  }
  before.close();

  const store = openStore(path);
  expect(await store.groupSessions.keysOf("home")).toEqual(["agent:main:imessage:group:1"]);
  expect(await store.groupSessions.keysOf("work")).toEqual(["agent:main:imessage:group:2"]);
  expect(await store.groupSessions.forgetMixed()).toEqual(["agent:main:imessage:group:3"]);
  expect(await store.groupSessions.forgetMixed()).toEqual([]);
  await store.close();
  const after = openDatabase(path);
  const remembers = after.prepare("SELECT key FROM session WHERE memory IS NOT NULL ORDER BY key").all();
  expect(remembers.map(({ key }) => key)).toEqual([
    "agent:main:imessage:group:1",
    "agent:main:imessage:group:2",
    "agent:main:main",
  ]);
  after.close();
});

it("keeps a STOP of an earlier version, as one whose time of sending is not known", async () => {
  const path = join(folder, "state.db");
  const before = openDatabase(path);
  for (const { version, sql } of migrations.filter(({ version }) => version < 27))
    before.exec(`${sql}; PRAGMA user_version = ${version}`);
  before.exec("INSERT INTO opt_out (account, handle, since) VALUES ('home', '+15550100123', 5000)");
  before.close();

  const store = openStore(path);
  expect(await store.pairing.hasOptedOut("home", "+15550100123")).toBe(true);
  const known = await store.gate.about(about(row(1), 6000, { account: "home" }));
  expect(known.person?.stop).toEqual({ since: 5000 });
  await store.close();
});

it("counts the sends of an earlier version, of each account its own", async () => {
  const path = join(folder, "state.db");
  const before = openDatabase(path);
  for (const { version, sql } of migrations.filter(({ version }) => version < 25))
    before.exec(`${sql}; PRAGMA user_version = ${version}`);
  const told = JSON.stringify({ checkedAt: 2, deliveredAt: 1, readAt: 2, downgraded: true, failed: false });
  for (const [account, state, delivery] of [
    ["home", "delivered", `'${told}'`],
    ["home", "delivered", "NULL"],
    ["home", "stored", "NULL"],
    ["work", "not_sent", "NULL"],
  ])
    before.exec(`INSERT INTO outbox (account, chat_key, origin, ordinal, target, state, created_at, due_at, delivery)
                 VALUES ('${account}', 'chat:7', 'turn', 0, '{}', '${state}', 1, 1, ${delivery})`);
  before.close();

  const store = openStore(path);
  expect(await store.outbox.counts("home")).toMatchObject({ delivered: 2, stored: 1, not_sent: 0 });
  expect(await store.outbox.deliveries("home")).toEqual({ delivered: 1, read: 1, downgraded: 1, failed: 0 });
  expect(await store.outbox.counts("work")).toMatchObject({ delivered: 0, stored: 0, not_sent: 1 });
  expect(await store.outbox.deliveries("work")).toEqual({ delivered: 0, read: 0, downgraded: 0, failed: 0 });
  await store.close();
});

it("forgets the words of polls that an earlier version passed over", async () => {
  const path = join(folder, "state.db");
  const before = openDatabase(path);
  for (const { version, sql } of migrations.filter(({ version }) => version < 28))
    before.exec(`${sql}; PRAGMA user_version = ${version}`);
  const act = JSON.stringify({ act: { name: "poll", parameters: { question: "When?" } } });
  before.exec(`INSERT INTO outbox (account, chat_key, origin, ordinal, target, state, created_at, due_at, settled_at, form)
               VALUES ('home', 'chat:7', 'turn', 0, '{}', 'stored', 1, 1, 2, '${act}')`);
  before.exec("INSERT INTO forgotten (name, up_to) VALUES ('outbox', 1), ('turn', 1)");
  before.close();

  const store = openStore(path);
  await store.journal.forget(9000);
  expect((await store.outbox.get(1))?.act).toBeUndefined();
  await store.close();
});
