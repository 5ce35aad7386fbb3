import type { Migration } from "./first-migrations.js";

const flag = (row: string, name: string) => `coalesce(${row}.delivery ->> '${name}', 0)`;
const time = (row: string, name: string) => `(${row}.delivery ->> '${name}' IS NOT NULL)`;

/** Counts an item in the row of its state, or takes it out of there. */
function count(row: "NEW" | "OLD"): string {
  const sign = row === "NEW" ? "+" : "-";
  const add = (column: string, value: string) => `${column} = ${column} ${sign} ${value}`;
  // What caused the trigger may ignore conflicts, and so would an upsert in it.
  return `INSERT OR IGNORE INTO outbox_count (account, state) VALUES (${row}.account, ${row}.state);
  UPDATE outbox_count SET ${[
    add("items", "1"),
    add("delivered", time(row, "deliveredAt")),
    add("read", time(row, "readAt")),
    add("downgraded", flag(row, "downgraded")),
    add("failed", flag(row, "failed")),
  ].join(", ")}
  WHERE account = ${row}.account AND state = ${row}.state;`;
}

function trigger(name: string, on: string, ...statements: string[]): string {
  return `CREATE TRIGGER outbox_count_${name} AFTER ${on}
BEGIN
  ${statements.join("\n  ")}
END;`;
}

/**
 * What a history of a million rows is asked without being read. Sends are counted where they change, by triggers, so whichever
 * version writes. Indexes have only rows that are few, but for that of who wrote in direct chats. `forgotten` says up to which row
 * of a table retention has taken everything (`retention.ts`).
 */
export const growthMigration: Migration = {
  version: 25,
  compatibleWith: 1,
  sql: [
    `CREATE TABLE outbox_count (
  account TEXT NOT NULL,
  state TEXT NOT NULL,
  items INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  read INTEGER NOT NULL DEFAULT 0,
  downgraded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, state)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_count (account, state, items) SELECT account, state, count(*) FROM outbox NOT INDEXED GROUP BY account, state;
UPDATE outbox_count SET (delivered, read, downgraded, failed) = (
  SELECT coalesce(sum(${time("o", "deliveredAt")}), 0), coalesce(sum(${time("o", "readAt")}), 0),
    coalesce(sum(${flag("o", "downgraded")}), 0), coalesce(sum(${flag("o", "failed")}), 0)
  FROM outbox AS o WHERE o.account = outbox_count.account AND o.delivery IS NOT NULL AND o.state = outbox_count.state);`,
    trigger("added", "INSERT ON outbox", count("NEW")),
    trigger("removed", "DELETE ON outbox", count("OLD")),
    trigger("changed", "UPDATE OF state, delivery ON outbox", count("OLD"), count("NEW")),
    `CREATE INDEX outbox_ended ON outbox (state) WHERE state IN ('held', 'not_sent', 'unknown');
CREATE INDEX journal_failed ON journal (state) WHERE state = 'failed';
CREATE INDEX journal_dropped ON journal (decision) WHERE decision = 'drop' AND own = 0;
CREATE INDEX journal_direct ON journal (account, sender, received_at) WHERE own = 0 AND is_group = 0;
DROP INDEX action_asked_by;
CREATE INDEX action_first_item ON action (account, items ->> 0) WHERE asked_by IS NOT NULL;
CREATE TABLE forgotten (
  name TEXT PRIMARY KEY,
  up_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`,
    // A row that waited for its catch-up comes with its text once more.
    `CREATE TRIGGER forgotten_comes_again AFTER UPDATE OF received_at ON journal
BEGIN
  UPDATE forgotten SET up_to = min(up_to, NEW.id - 1) WHERE name = 'journal';
END;`,
  ].join("\n"),
};
