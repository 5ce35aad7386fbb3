import type { Migration } from "./first-migrations.js";

/** Nothing is written while nobody reads. */
const isRead = "EXISTS (SELECT 1 FROM event_reader)";

/** The values of an event, as SQL. */
interface EventValues {
  type: string;
  at: string;
  chat: string;
  subject: string;
  /** Name and value, alternating. */
  facts: string;
  /** Holds where there is such an event. */
  where?: string;
}

/** One event, as a statement of a trigger. */
function event({ type, at, chat, subject, facts, where = "1" }: EventValues): string {
  return `INSERT INTO event (account, type, at, chat, subject, facts)
  SELECT NEW.account, '${type}', ${at}, ${chat}, ${subject}, json_object(${facts}) WHERE ${where};`;
}

function trigger(name: string, on: string, when: string, ...statements: string[]): string {
  return `CREATE TRIGGER event_of_${name} AFTER ${on} WHEN ${isRead} AND ${when}
BEGIN
  ${statements.join("\n  ")}
END;`;
}

const rowChat = "CASE WHEN NEW.chat_id > 0 THEN 'chat:' || NEW.chat_id ELSE 'handle:' || NEW.sender END";
const turnChat = (row: string) =>
  `CASE WHEN ${row} ->> '$.chat.chatId' > 0 THEN 'chat:' || (${row} ->> '$.chat.chatId') ELSE 'handle:' || (${row} ->> '$.sender.handle') END`;
const now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";

const message: EventValues = {
  type: "message",
  at: "NEW.received_at",
  chat: rowChat,
  subject: "NEW.id",
  facts: "'arrival', NEW.arrival",
};
const isUntold = "NOT EXISTS (SELECT 1 FROM event WHERE type = 'message' AND subject = NEW.id)";

/**
 * The log of what happened (behaviour 20.1a). Triggers write it, so that an event is in the commit of its change, whichever
 * version or command made that.
 */
export const eventMigration: Migration = {
  version: 23,
  compatibleWith: 1,
  sql: [
    `CREATE TABLE event_reader (
  name TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL,
  since INTEGER NOT NULL,
  memory TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  type TEXT NOT NULL,
  at INTEGER NOT NULL,
  chat TEXT,
  subject ANY,
  facts TEXT NOT NULL
) STRICT;
INSERT INTO sqlite_sequence (name, seq) VALUES ('event', 0);
CREATE TABLE event_gap (up_to INTEGER NOT NULL) STRICT;
INSERT INTO event_gap (up_to) VALUES (0);`,
    trigger("message", "INSERT ON journal", "NEW.chat_id > 0", event(message)),
    // A row that came without its chat is told of once that is known, or once it was decided without.
    trigger(
      "located_message",
      "UPDATE OF chat_id ON journal",
      `OLD.chat_id <= 0 AND NEW.chat_id > 0 AND ${isUntold}`,
      event(message),
    ),
    trigger(
      "decision",
      "UPDATE OF decision ON journal",
      "NEW.decision IS NOT NULL AND (NEW.decision, NEW.reason, NEW.decided_at) IS NOT (OLD.decision, OLD.reason, OLD.decided_at)",
      event({ ...message, where: `NEW.chat_id <= 0 AND ${isUntold}` }),
      event({
        type: "decision",
        at: "NEW.decided_at",
        chat: rowChat,
        subject: "NEW.id",
        facts: "'kind', NEW.decision, 'reason', NEW.reason",
      }),
    ),
    trigger(
      "turn",
      "UPDATE OF state ON turn",
      "NEW.state IS NOT OLD.state AND NEW.state <> 'queued'",
      event({
        type: "turn",
        at: "coalesce(NEW.ended_at, NEW.started_at)",
        chat: turnChat("NEW.envelope"),
        subject: "NEW.id",
        facts:
          "'state', CASE NEW.state WHEN 'running' THEN 'started' ELSE NEW.state END, 'attempt', NEW.attempt, 'code', NEW.error ->> '$.code'",
      }),
    ),
    trigger(
      "sent",
      "UPDATE OF state, error ON outbox",
      "NEW.state IN ('stored', 'delivered', 'not_sent', 'unknown') AND (NEW.state IS NOT OLD.state OR (NEW.error IS NOT NULL AND OLD.error IS NULL))",
      event({
        type: "sent",
        at: "coalesce(NEW.delivery ->> '$.checkedAt', NEW.settled_at)",
        chat: "NEW.chat_key",
        subject: "NEW.id",
        facts: "'state', NEW.state, 'code', NEW.error ->> '$.code'",
      }),
    ),
    trigger(
      "draft",
      "UPDATE OF state, overtaken_at ON draft",
      "(NEW.state, NEW.overtaken_at) IS NOT (OLD.state, OLD.overtaken_at) AND 'held' IN (OLD.state, NEW.state)",
      event({
        type: "draft",
        at: "coalesce(NEW.ended_at, NEW.overtaken_at, NEW.held_at)",
        chat: "NEW.chat_key",
        subject: "NEW.id",
        facts:
          "'state', CASE WHEN NEW.state = 'held' AND NEW.overtaken_at IS NOT NULL THEN 'overtaken' ELSE NEW.state END",
      }),
    ),
    ...(["INSERT", "UPDATE OF state"] as const).map((change) =>
      trigger(
        change === "INSERT" ? "question" : "settled_question",
        `${change} ON question`,
        `NEW.kind <> 'draft'${change === "INSERT" ? "" : " AND NEW.state IS NOT OLD.state"}`,
        event({
          type: "question",
          at: "coalesce(NEW.ended_at, NEW.asked_at)",
          chat: `(SELECT ${turnChat("envelope")} FROM turn WHERE id = NEW.turn_id)`,
          subject: "NEW.id",
          facts: "'state', NEW.state, 'kind', NEW.kind",
        }),
      ),
    ),
    trigger(
      "pairing",
      "INSERT ON pairing",
      "1",
      event({
        type: "pairing",
        at: "NEW.requested_at",
        chat: "'chat:' || NEW.chat_id",
        subject: "NEW.id",
        facts: "'state', 'requested'",
      }),
    ),
    // Earlier requests of the person that had expired are closed with the one that is settled.
    trigger(
      "settled_pairing",
      "UPDATE OF state ON pairing",
      "NEW.state IN ('approved', 'denied') AND NEW.id = (SELECT max(id) FROM pairing WHERE account = NEW.account AND handle = NEW.handle)",
      event({
        type: "pairing",
        at: now,
        chat: "'chat:' || NEW.chat_id",
        subject: "NEW.id",
        facts: "'state', NEW.state",
      }),
    ),
  ].join("\n"),
};
