// A state database with a long history, for what must not grow with it. A gateway makes it and answers a few messages;
// those rows, over and over, are the history.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "./database.mjs";
import { start } from "./gateway.mjs";

const dayMs = 86_400_000;

/**
 * Makes one. @param rows of the journal, each answered @param chats of as many people @param days that they are spread over
 * @param keep folder in which it stays, and is found the next time
 * @returns what puts it where a state database belongs, and what removes it
 */
export async function historyOf(rows, chats, days, keep) {
  const folder = keep ?? mkdtempSync(join(tmpdir(), "tapback-bench-"));
  const path = join(folder, `${rows}-${chats}.db`);
  const put = (database) => copyFileSync(path, database);
  if (keep && existsSync(path)) return { put, end: () => {} };
  const program = start({ mode: "latency", messages: 3, senders: 1 }, { session: { dmScope: "per-peer" } });
  await program.figures();
  await program.stop({ keep: (state) => copyFileSync(join(state, "state.db"), path) });
  fill(path, rows, chats, days);
  return { put, end: () => !keep && rmSync(folder, { recursive: true, force: true }) };
}

function fill(path, rows, chats, days) {
  const database = openDatabase(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  const since = Date.now() - days * dayMs;
  const series = (from, to) =>
    `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  const at = `(${since} + i * ${Math.floor((days * dayMs) / (rows + 1))})`;
  const dayOf = `strftime('%Y-%m-%d', ${at} / 1000, 'unixepoch', 'localtime')`;
  const own = {
    journal: {
      guid: "'H-' || i",
      row_id: "-i",
      turn_id: "'T-' || i",
      received_at: at,
      sent_at: at,
      decided_at: at,
    },
    turn: { id: "'T-' || i", queued_at: at, started_at: at, ended_at: at, day: dayOf },
    outbox: {
      turn_id: "'T-' || i",
      guid: "'S-' || i",
      row_id: "-i",
      created_at: at,
      due_at: at,
      taken_at: at,
      settled_at: at,
    },
  };
  const chat = `(1 + i % ${chats})`;
  const person = `printf('+1555010%04d', i % ${chats})`;
  own.journal.chat_id = chat;
  own.journal.sender = person;
  own.journal.body = `json_set(t.body, '$.guid', 'H-' || i, '$.rowId', -i, '$.chat.id', ${chat}, '$.sender', ${person}, '$.chat.identifier', ${person}, '$.chat.guid', 'iMessage;-;' || ${person})`;
  own.turn.session_key = `'agent:main:direct:' || ${person}`;
  own.outbox.chat_key = `'chat:' || ${chat}`;
  own.outbox.target = `json_object('kind', 'chat_id', 'chatId', ${chat})`;
  for (const [table, values] of Object.entries(own)) {
    const key = table === "turn" ? "seq" : "id";
    const columns = database
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => name)
      .filter((name) => name !== key);
    const from = columns.map((name) => values[name] ?? `t.${name}`).join(", ");
    const own = table === "journal" ? "WHERE own = 0" : "";
    for (let done = 0; done < rows; done += 100_000)
      database.exec(
        `BEGIN; ${series(done + 1, Math.min(rows, done + 100_000))}
         INSERT INTO ${table} (${columns.join(", ")}) SELECT ${from} FROM n, (SELECT * FROM ${table} ${own} LIMIT 1) t; COMMIT`,
      );
  }
  database.exec(
    `${series(1, rows)} INSERT INTO turn_person (handle, day, turn_id) SELECT ${person}, ${dayOf}, 'T-' || i FROM n`,
  );
  database.exec(
    "INSERT OR IGNORE INTO session (key) SELECT DISTINCT session_key FROM turn; PRAGMA wal_checkpoint(TRUNCATE)",
  );
  database.close();
}
