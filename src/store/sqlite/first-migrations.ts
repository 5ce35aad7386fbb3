/** One step of the schema. `compatibleWith` is the oldest version whose code can still use the database after it. */
export interface Migration {
  version: number;
  compatibleWith: number;
  sql: string;
}

/** The steps of the schema up to its sixth version. */
export const firstMigrations: Migration[] = [
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
];
