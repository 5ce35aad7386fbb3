import { join } from "node:path";
import { type Decision, hasSeveralPeople, type MessageRow, reasonText } from "../../conversation/index.js";
import type { SqlValue } from "../../platform/index.js";
import type { Restored, RestoredAccount } from "../restored.js";
import { orNull } from "../rows/columns.js";
import { notApproved } from "../rows/draft.js";
import { columnsOf } from "../rows/entry.js";
import { standsWithNewest } from "../rows/request.js";
import { endParts } from "./draft-parts.js";
import { insertRow } from "./entries.js";
import { skipIds } from "./events.js";
import { openStateDatabase } from "./open.js";
import { firstWaiting } from "./session-head.js";
import { type Base, preparer } from "./statements.js";

type Sql = Base["sql"];

/** More than events can have come since a backup. */
const idsSinceBackup = 1_000_000_000;

/**
 * Makes a state that was unpacked from a backup fit for a gateway, in one commit (behaviour 1.8a): what may have been answered
 * since waits for a person, and what waited to be sent is looked for in Messages before it is.
 * @throws as `openStore`
 */
export function settleRestored(path: string, { at, waiting, accounts, schedules }: Restored): void {
  const database = openStateDatabase(path);
  try {
    const sql = preparer(database);
    database.exec("BEGIN IMMEDIATE");
    // Readers that read on since the backup must not take what comes now for what they know.
    skipIds({ sql }, idsSinceBackup);
    for (const account of accounts) settleAccount(sql, account, at);
    // One that runs a schedule has no message that is looked for: it ends as the schedule that it came from.
    freeSessions(
      sql,
      sql(
        `UPDATE turn SET state = 'cancelled', ended_at = ? WHERE state IN ('queued', 'running') AND envelope ->> '$.scheduled' IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM journal WHERE turn_id = turn.id AND state = 'in_turn') RETURNING id, session_key`,
      ).all(at),
    );
    // Nobody knows whether it was sent since: as a send that a crash cut off, it is looked for above what was seen by then.
    sql(
      `UPDATE outbox SET state = 'sending', attempts = 1, taken_at = ?,
         floor_row = (SELECT max(cursor, 0) FROM account WHERE id = outbox.account)
       WHERE state = 'pending' AND attempts = 0 AND account IN (SELECT id FROM account)`,
    ).run(at);
    sql("UPDATE outbox SET state = 'sending', taken_at = ? WHERE state = 'pending' AND attempts > 0").run(at);
    // Nobody knows what people said since: a yes that was given already must not be given a second time.
    for (const { id } of sql(
      "UPDATE draft SET state = 'dropped', ended_at = ? WHERE state IN ('open', 'held') RETURNING id",
    ).all(at))
      endParts({ sql } as Base, String(id), notApproved("the state was restored from a backup"), at);
    sql("UPDATE question SET state = 'closed', ended_at = ? WHERE state = 'open'").run(at);
    sql("UPDATE question SET vote = NULL, vote_at = NULL WHERE vote_at IS NOT NULL").run();
    // One that was revoked since must not be good again.
    sql("DELETE FROM token").run();
    moveWaiting(sql, waiting);
    for (const { id, next } of schedules)
      sql(
        "UPDATE schedule SET due_at = coalesce(?1, due_at), ended_at = CASE WHEN ?1 IS NULL THEN ?2 END WHERE id = ?3",
      ).run(orNull(next), at, id);
    database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}

/** Each has a folder of its own whose name no other has, so that it is known wherever the state directory was, and by whatever way. */
function moveWaiting(sql: Sql, { folder, names }: Restored["waiting"]): void {
  const known = new Set(names);
  for (const { id, file } of sql("SELECT id, file FROM outbox WHERE file IS NOT NULL").all()) {
    const name = String(file).split("/").slice(-2).join("/");
    if (known.has(name)) sql("UPDATE outbox SET file = ? WHERE id = ?").run(join(folder, name), id!);
  }
}

function settleAccount(
  sql: Sql,
  { account, aside, seen, own, stops, stoppedAt }: RestoredAccount,
  at: number,
): void {
  const drop = (id: number, row: MessageRow, decision: Decision & { kind: "drop" }) =>
    sql(
      `UPDATE journal SET state = 'done', decision = ?, reason = ?, decision_json = ?, decided_at = ? WHERE id = ?
         AND (decision IS NULL OR decision <> 'context')`,
    ).run(
      decision.kind,
      decision.reason,
      JSON.stringify({
        ...decision,
        treatedAs: hasSeveralPeople(row.chat, row.destination) ? "group" : "direct",
      }),
      at,
      id,
    );
  // A turn answers all its rows or none.
  const turns = sql(
    `UPDATE turn SET state = 'cancelled', ended_at = ? WHERE state IN ('queued', 'running')
       AND id IN (SELECT turn_id FROM journal WHERE id IN (SELECT value FROM json_each(?))) RETURNING id, session_key`,
  ).all(at, JSON.stringify(aside));
  const rows = sql(
    `SELECT id, body FROM journal WHERE id IN (SELECT value FROM json_each(?1))
       OR (turn_id IN (SELECT value FROM json_each(?2)) AND state = 'in_turn')`,
  ).all(JSON.stringify(aside), JSON.stringify(turns.map(({ id }) => id)));
  for (const { id, body } of rows) drop(Number(id), JSON.parse(String(body)), mayBeAnswered());
  freeSessions(sql, turns);
  const keep = (row: MessageRow, decision: Decision & { kind: "drop" }) => {
    const id = insertRow({ sql } as Base, columnsOf(account, row, "catchup", at));
    if (id !== undefined) drop(id, row, decision);
  };
  for (const row of seen) keep(row, mayBeAnswered());
  for (const row of own) keep(row, dropped("echo"));
  for (const { handle, since } of stops)
    sql(
      `INSERT INTO opt_out (account, handle, since, sent_at) VALUES (?1, ?2, ?3, nullif(?3, 0)) ${standsWithNewest}`,
    ).run(account, handle, since);
  if (stoppedAt !== undefined)
    sql("UPDATE account SET stopped_at = coalesce(stopped_at, ?) WHERE id = ?").run(stoppedAt, account);
}

/** What waits behind turns that ended comes next in their sessions. */
function freeSessions(sql: Sql, ended: readonly Record<string, SqlValue>[]): void {
  for (const { id, session_key } of ended) {
    sql("UPDATE session SET running = NULL WHERE running = ?").run(id!);
    sql(`UPDATE session SET head = (${firstWaiting}) WHERE key = ?1`).run(session_key!);
  }
}

const mayBeAnswered = () => dropped("restored");

function dropped(reason: "restored" | "echo"): Decision & { kind: "drop" } {
  const { happened, remedy } = reasonText(reason);
  const gates = [{ gate: reason === "echo" ? "own" : "restore", passed: false, detail: happened }];
  return { kind: "drop", treatedAs: "direct", gates, reason, remedy };
}
