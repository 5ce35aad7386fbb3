import type { Database } from "../../../src/platform/index.js";

const tables = [
  ...["journal", "turn", "outbox", "pairing", "approval", "opt_out", "schedule", "enrolment", "notice"],
  ...["action", "question", "question_place", "binding", "own_address"],
];

/** All that the store has of an account, a line each: its own rows, and the sessions that its turns and bindings name. */
export function rowsOf(database: Database, account: string): string[] {
  const lines = (table: string, where: string) =>
    database
      .prepare(`SELECT * FROM ${table} WHERE ${where}`)
      .all(account)
      .map((row) => JSON.stringify([table, row]));
  const keys =
    "(SELECT session_key FROM turn WHERE account = ?1 UNION SELECT session_key FROM binding WHERE account = ?1)";
  return [
    ...lines("account", "id = ?"),
    ...tables.flatMap((table) => lines(table, "account = ?")),
    ...lines("session", `key IN ${keys}`),
    ...lines("session_settings", `session_key IN ${keys}`),
  ];
}
