import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { openDatabase } from "../../platform/index.js";
import { openStore } from "./index.js";
import { migrations } from "./migrations.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-migrations-"));
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
