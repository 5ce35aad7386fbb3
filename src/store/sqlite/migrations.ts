/** One step of the schema. `compatibleWith` is the oldest version whose code can still use the database after it. */
export interface Migration {
  version: number;
  compatibleWith: number;
  sql: string;
}

export const migrations: Migration[] = [
  {
    version: 1,
    compatibleWith: 1,
    sql: `
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  node TEXT,
  fence INTEGER NOT NULL DEFAULT 0,
  cursor INTEGER NOT NULL DEFAULT 0,
  stopped_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  guid TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  own INTEGER NOT NULL,
  is_group INTEGER NOT NULL,
  arrival TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  told INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  decision TEXT,
  reason TEXT,
  decision_json TEXT,
  decided_at INTEGER,
  turn_id TEXT,
  body TEXT NOT NULL,
  UNIQUE (account, guid)
) STRICT;
CREATE INDEX journal_open ON journal (account, id) WHERE state IN ('new', 'decided');
CREATE INDEX journal_context ON journal (account, chat_id, id) WHERE decision = 'context' AND turn_id IS NULL;
CREATE INDEX journal_sent ON journal (account, chat_id, sent_at);
CREATE INDEX journal_untold ON journal (account, chat_id, id) WHERE reason IN ('backlog', 'missed_offline') AND told = 0 AND turn_id IS NULL;
CREATE INDEX journal_admitted_chat ON journal (account, chat_id) WHERE decision IN ('dispatch', 'command');
CREATE INDEX journal_admitted_sender ON journal (account, sender) WHERE decision IN ('dispatch', 'command') AND is_group = 0;
CREATE INDEX journal_turn ON journal (turn_id) WHERE turn_id IS NOT NULL;

CREATE TABLE session (
  key TEXT PRIMARY KEY,
  head INTEGER,
  running TEXT,
  memory TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX session_ready ON session (head) WHERE head IS NOT NULL AND running IS NULL;

CREATE TABLE turn (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  session_key TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  state TEXT NOT NULL,
  owner TEXT,
  fence INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  envelope TEXT NOT NULL,
  error TEXT,
  notes TEXT
) STRICT;
CREATE INDEX turn_waiting ON turn (session_key, seq) WHERE state = 'queued';
CREATE INDEX turn_open ON turn (state) WHERE state IN ('queued', 'running');

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  chat_key TEXT NOT NULL,
  origin TEXT NOT NULL,
  turn_id TEXT,
  ordinal INTEGER NOT NULL,
  target TEXT NOT NULL,
  text TEXT,
  file TEXT,
  reply_to TEXT,
  state TEXT NOT NULL,
  fence INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  taken_at INTEGER,
  floor_row INTEGER NOT NULL DEFAULT 0,
  accepted_at INTEGER,
  settled_at INTEGER,
  guid TEXT,
  row_id INTEGER,
  error TEXT,
  UNIQUE (turn_id, ordinal)
) STRICT;
CREATE INDEX outbox_open ON outbox (account, chat_key, id) WHERE state IN ('pending', 'sending') AND accepted_at IS NULL;
CREATE INDEX outbox_accepted ON outbox (account, id) WHERE state = 'sending' AND accepted_at IS NOT NULL;
CREATE INDEX outbox_turn ON outbox (turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX outbox_recent ON outbox (account, chat_key, taken_at) WHERE taken_at IS NOT NULL;
CREATE INDEX outbox_guid ON outbox (account, guid) WHERE guid IS NOT NULL;
CREATE INDEX outbox_row ON outbox (account, row_id) WHERE row_id IS NOT NULL;

CREATE TABLE pairing (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  handle TEXT NOT NULL,
  name TEXT,
  code TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  chat_id INTEGER NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX pairing_code ON pairing (code);
CREATE INDEX pairing_pending ON pairing (account, handle) WHERE state = 'pending';

CREATE TABLE approval (
  account TEXT NOT NULL,
  handle TEXT NOT NULL,
  approved_at INTEGER NOT NULL,
  is_owner INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, handle)
) STRICT, WITHOUT ROWID;

CREATE TABLE opt_out (
  account TEXT NOT NULL,
  handle TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (account, handle)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  session_key TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  item TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_due ON schedule (due_at);
`,
  },
  {
    version: 2,
    compatibleWith: 1,
    sql: `
ALTER TABLE account ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
UPDATE account SET first = cursor;
`,
  },
  {
    version: 4,
    compatibleWith: 1,
    sql: `
CREATE INDEX journal_by_hand ON journal (account, chat_id, id) WHERE own = 1 AND reason = 'own_message';

CREATE TABLE enrolment (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  phrase TEXT NOT NULL,
  is_owner INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  handle TEXT,
  chat_id INTEGER
) STRICT;
CREATE INDEX enrolment_open ON enrolment (account) WHERE state = 'open';

CREATE TABLE enrolment_guess (
  enrolment INTEGER NOT NULL,
  handle TEXT NOT NULL
) STRICT;
CREATE INDEX enrolment_guess_of ON enrolment_guess (enrolment);

CREATE TABLE notice (
  account TEXT NOT NULL,
  key TEXT NOT NULL,
  told_at INTEGER NOT NULL,
  PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_handed ON outbox (account, taken_at, state, origin, accepted_at) WHERE taken_at IS NOT NULL;
`,
  },
  {
    version: 5,
    compatibleWith: 1,
    sql: `
ALTER TABLE outbox ADD COLUMN form TEXT;
ALTER TABLE outbox ADD COLUMN delivery TEXT;
CREATE INDEX outbox_delivery ON outbox (account) WHERE delivery IS NOT NULL;
CREATE INDEX outbox_downgraded ON outbox (account, chat_key) WHERE json_extract(delivery, '$.downgraded') = 1;

CREATE TABLE action (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  turn_id TEXT,
  chat TEXT NOT NULL,
  name TEXT NOT NULL,
  parameters TEXT NOT NULL,
  repeat INTEGER NOT NULL,
  state TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  ended_at INTEGER,
  facts TEXT,
  error TEXT,
  items TEXT NOT NULL,
  UNIQUE (turn_id, name, parameters, repeat)
) STRICT;
`,
  },
  {
    version: 6,
    compatibleWith: 1,
    sql: `
CREATE TABLE question (
  id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  turn_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  title TEXT NOT NULL,
  options TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  choice TEXT,
  answered_by TEXT,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE question_place (
  outbox_id INTEGER PRIMARY KEY,
  question_id TEXT NOT NULL,
  account TEXT NOT NULL,
  chat_key TEXT NOT NULL
) STRICT;
CREATE INDEX question_place_chat ON question_place (account, chat_key);

CREATE TABLE binding (
  account TEXT NOT NULL,
  chat_key TEXT NOT NULL,
  session_key TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account, chat_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE session_settings (
  session_key TEXT PRIMARY KEY,
  settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE turn ADD COLUMN usage TEXT;
ALTER TABLE session ADD COLUMN usage TEXT;

ALTER TABLE schedule ADD COLUMN ended_at INTEGER;
DROP INDEX schedule_due;
CREATE INDEX schedule_due ON schedule (due_at) WHERE ended_at IS NULL;
CREATE INDEX outbox_chat ON outbox (account, chat_key, id);
`,
  },
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
];
