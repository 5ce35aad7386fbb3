import { eventMigration } from "./event-migration.js";
import { firstMigrations, type Migration } from "./first-migrations.js";
import { growthMigration } from "./growth-migration.js";

export const migrations: Migration[] = [
  ...firstMigrations,
  {
    version: 7,
    compatibleWith: 1,
    sql: `
ALTER TABLE outbox ADD COLUMN entry_id INTEGER;
CREATE INDEX outbox_entry ON outbox (entry_id) WHERE entry_id IS NOT NULL;
`,
  },
  {
    version: 8,
    compatibleWith: 1,
    // A group's session belongs to one account; '' marks those that groups of several accounts had together before.
    sql: `
ALTER TABLE session ADD COLUMN account TEXT;
UPDATE session SET account = had.account
FROM (
  SELECT session_key, CASE WHEN min(account) = max(account) THEN min(account) ELSE '' END AS account
  FROM turn WHERE session_key LIKE 'agent:%:imessage:group:%' GROUP BY session_key
) AS had
WHERE had.session_key = session.key;
`,
  },
  {
    version: 9,
    compatibleWith: 1,
    sql: `
ALTER TABLE turn ADD COLUMN at_risk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE turn ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
`,
  },
  {
    version: 10,
    compatibleWith: 1,
    sql: `
CREATE TABLE own_address (
  account TEXT NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (account, address)
) STRICT, WITHOUT ROWID;
INSERT INTO own_address (account, address)
SELECT DISTINCT account, json_extract(body, '$.destination') FROM journal WHERE json_extract(body, '$.destination') <> '';
`,
  },
  {
    version: 11,
    compatibleWith: 1,
    sql: `
CREATE INDEX journal_own_thread ON journal (account, json_extract(body, '$.threadGuid'))
  WHERE own = 1 AND json_extract(body, '$.threadGuid') IS NOT NULL;
CREATE INDEX journal_own_preview ON journal (account, json_extract(body, '$.preview.guid'))
  WHERE own = 1 AND json_extract(body, '$.preview.guid') IS NOT NULL;
`,
  },
  {
    version: 12,
    compatibleWith: 1,
    sql: `
ALTER TABLE outbox ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN stopped_at INTEGER;
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (account, chat_key, id, state, urgent) WHERE state IN ('pending', 'sending') AND accepted_at IS NULL;
ALTER TABLE turn ADD COLUMN tell_next TEXT;
CREATE INDEX turn_tell_next ON turn (session_key) WHERE tell_next IS NOT NULL;
`,
  },
  {
    version: 13,
    compatibleWith: 1,
    sql: `
ALTER TABLE schedule ADD COLUMN plan TEXT;
`,
  },
  {
    version: 14,
    compatibleWith: 1,
    sql: `
ALTER TABLE outbox ADD COLUMN attempt_id TEXT;
ALTER TABLE outbox ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_attempt ON outbox (account, attempt_id) WHERE attempt_id IS NOT NULL;
`,
  },
  {
    version: 15,
    compatibleWith: 1,
    // The newest rows of a chat come from its end, and the open sends from the index alone, however long a history is.
    sql: `
CREATE INDEX journal_chat ON journal (account, chat_id, id);
DROP INDEX outbox_open;
CREATE INDEX outbox_open ON outbox (account, chat_key, id, state, urgent, accepted_at)
  WHERE state IN ('pending', 'sending') AND accepted_at IS NULL;
`,
  },
  {
    version: 16,
    compatibleWith: 1,
    sql: `
CREATE TABLE draft (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  made_by TEXT NOT NULL,
  turn_id TEXT,
  agent_id TEXT NOT NULL,
  target TEXT NOT NULL,
  chat_key TEXT NOT NULL,
  addressee TEXT NOT NULL,
  approves INTEGER NOT NULL,
  for_owner TEXT,
  state TEXT NOT NULL,
  floor_entry INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  held_at INTEGER,
  expires_at INTEGER,
  overtaken_at INTEGER,
  ended_at INTEGER,
  decided_by TEXT,
  drafted TEXT,
  UNIQUE (made_by, chat_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_turn ON draft (turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX draft_held ON draft (expires_at) WHERE state = 'held';
ALTER TABLE outbox ADD COLUMN draft TEXT;
CREATE INDEX outbox_draft ON outbox (draft, id) WHERE draft IS NOT NULL;
CREATE INDEX outbox_approved ON outbox (account, chat_key, taken_at) WHERE origin = 'approved-draft';
ALTER TABLE question ADD COLUMN kind TEXT NOT NULL DEFAULT 'permission';
`,
  },
  {
    version: 17,
    compatibleWith: 1,
    sql: `
ALTER TABLE question ADD COLUMN answerers TEXT;
ALTER TABLE question ADD COLUMN words TEXT;
ALTER TABLE question ADD COLUMN occasion TEXT;
ALTER TABLE question ADD COLUMN vote TEXT;
ALTER TABLE question ADD COLUMN vote_at INTEGER;
CREATE INDEX question_open ON question (account) WHERE state = 'open';
CREATE INDEX question_vote ON question (vote_at) WHERE vote_at IS NOT NULL;
CREATE INDEX question_turn ON question (turn_id) WHERE kind = 'ask';
CREATE INDEX question_place_question ON question_place (question_id);
`,
  },
  {
    version: 18,
    compatibleWith: 1,
    // Of people's limits (behaviour 18.3b): turns of earlier versions count for their sender; the zone is the machine's.
    sql: `
ALTER TABLE turn ADD COLUMN day TEXT;
ALTER TABLE turn ADD COLUMN waits_for TEXT;
UPDATE turn SET day = strftime('%Y-%m-%d', started_at / 1000, 'unixepoch', 'localtime') WHERE started_at IS NOT NULL;
CREATE INDEX turn_day ON turn (day) WHERE day IS NOT NULL;
CREATE TABLE turn_person (
  handle TEXT NOT NULL,
  day TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  PRIMARY KEY (handle, day, turn_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO turn_person (handle, day, turn_id)
SELECT envelope ->> '$.sender.handle', day, id FROM turn
WHERE day IS NOT NULL AND coalesce(envelope ->> '$.sender.handle', '') <> '';
CREATE INDEX turn_person_turn ON turn_person (turn_id);
CREATE TABLE limit_told (
  handle TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (handle, day)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    version: 19,
    compatibleWith: 1,
    sql: `
ALTER TABLE outbox ADD COLUMN initiative TEXT;
UPDATE outbox SET initiative = 'agent' WHERE origin = 'schedule';
CREATE INDEX outbox_initiative ON outbox (account, chat_key, created_at) WHERE initiative IS NOT NULL AND draft IS NULL;
CREATE INDEX turn_queued ON turn (account, queued_at);
`,
  },
  {
    version: 20,
    compatibleWith: 1,
    sql: `
CREATE INDEX action_chat ON action (account, chat, name);
`,
  },
  {
    version: 21,
    compatibleWith: 1,
    sql: `
ALTER TABLE action ADD COLUMN key TEXT;
CREATE UNIQUE INDEX action_key ON action (account, key) WHERE key IS NOT NULL;
`,
  },
  {
    version: 22,
    compatibleWith: 1,
    sql: `
CREATE TABLE token (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  scopes TEXT NOT NULL,
  account TEXT,
  chats TEXT,
  per_minute INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  used_at INTEGER
) STRICT, WITHOUT ROWID;
ALTER TABLE action ADD COLUMN asked_by TEXT;
CREATE INDEX action_asked_by ON action (account) WHERE asked_by IS NOT NULL;
`,
  },
  eventMigration,
  {
    version: 24,
    compatibleWith: 1,
    // Conversations of one session take turns (behaviour 5.4); what waits already keeps its place before all that comes.
    sql: `
ALTER TABLE turn ADD COLUMN place TEXT;
ALTER TABLE turn ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
DROP INDEX turn_waiting;
CREATE INDEX turn_waiting ON turn (session_key, rank, seq, place) WHERE state = 'queued';
`,
  },
  growthMigration,
  {
    version: 26,
    compatibleWith: 1,
    // Of turns that others may run; the same columns as on a server, between which a state is copied row by row.
    sql: `
ALTER TABLE turn ADD COLUMN cancel_at INTEGER;
ALTER TABLE session ADD COLUMN home TEXT;
`,
  },
  {
    version: 27,
    compatibleWith: 1,
    // Of a STOP that is kept already it is not known: it counts from when it was heard.
    sql: `
ALTER TABLE opt_out ADD COLUMN sent_at INTEGER;
`,
  },
  {
    version: 28,
    compatibleWith: 1,
    // Polls and other acts were passed over: they have their words in their form alone.
    sql: "DELETE FROM forgotten WHERE name = 'outbox'",
  },
  {
    version: 29,
    compatibleWith: 1,
    // By when it was written: a pass journals what is older later.
    sql: `
DROP INDEX journal_by_hand;
CREATE INDEX journal_by_hand ON journal (account, chat_id, min(sent_at, received_at), id) WHERE own = 1 AND reason = 'own_message';
`,
  },
];
