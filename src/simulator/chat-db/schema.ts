/** Apple's tables, the subset of protocol reference 8.3. Nothing may be added: real imsg reads this file. */
export const schema = `
CREATE TABLE handle (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  country TEXT,
  service TEXT NOT NULL,
  uncanonicalized_id TEXT,
  person_centric_id TEXT,
  UNIQUE (id, service)
);

CREATE TABLE chat (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
  guid TEXT UNIQUE NOT NULL,
  style INTEGER,
  state INTEGER DEFAULT 3,
  account_id TEXT,
  properties BLOB,
  chat_identifier TEXT,
  service_name TEXT,
  room_name TEXT,
  account_login TEXT,
  is_archived INTEGER DEFAULT 0,
  last_addressed_handle TEXT,
  display_name TEXT,
  group_id TEXT,
  is_filtered INTEGER DEFAULT 0,
  last_read_message_timestamp INTEGER DEFAULT 0
);

CREATE TABLE message (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
  guid TEXT UNIQUE NOT NULL,
  text TEXT,
  attributedBody BLOB,
  subject TEXT,
  handle_id INTEGER DEFAULT 0,
  other_handle INTEGER DEFAULT 0,
  service TEXT,
  account TEXT,
  account_guid TEXT,
  destination_caller_id TEXT,
  date INTEGER,
  date_read INTEGER DEFAULT 0,
  date_delivered INTEGER DEFAULT 0,
  date_played INTEGER DEFAULT 0,
  date_edited INTEGER DEFAULT 0,
  date_retracted INTEGER DEFAULT 0,
  date_recovered INTEGER DEFAULT 0,
  is_from_me INTEGER DEFAULT 0,
  is_read INTEGER DEFAULT 0,
  is_sent INTEGER DEFAULT 0,
  is_delivered INTEGER DEFAULT 0,
  is_finished INTEGER DEFAULT 0,
  is_delayed INTEGER DEFAULT 0,
  is_prepared INTEGER DEFAULT 0,
  is_empty INTEGER DEFAULT 0,
  is_system_message INTEGER DEFAULT 0,
  is_service_message INTEGER DEFAULT 0,
  is_audio_message INTEGER DEFAULT 0,
  is_spam INTEGER DEFAULT 0,
  is_corrupt INTEGER DEFAULT 0,
  is_pending_satellite_send INTEGER DEFAULT 0,
  was_downgraded INTEGER DEFAULT 0,
  was_delivered_quietly INTEGER DEFAULT 0,
  did_notify_recipient INTEGER DEFAULT 0,
  error INTEGER DEFAULT 0,
  type INTEGER DEFAULT 0,
  item_type INTEGER DEFAULT 0,
  group_title TEXT,
  group_action_type INTEGER DEFAULT 0,
  share_status INTEGER DEFAULT 0,
  share_direction INTEGER DEFAULT 0,
  message_action_type INTEGER DEFAULT 0,
  associated_message_guid TEXT,
  associated_message_type INTEGER DEFAULT 0,
  associated_message_emoji TEXT,
  associated_message_range_location INTEGER DEFAULT 0,
  associated_message_range_length INTEGER DEFAULT 0,
  reply_to_guid TEXT,
  thread_originator_guid TEXT,
  thread_originator_part TEXT,
  balloon_bundle_id TEXT,
  payload_data BLOB,
  message_summary_info BLOB,
  expressive_send_style_id TEXT,
  time_expressive_send_played INTEGER DEFAULT 0,
  cache_has_attachments INTEGER DEFAULT 0,
  cache_roomnames TEXT,
  part_count INTEGER DEFAULT 1,
  schedule_type INTEGER DEFAULT 0,
  schedule_state INTEGER DEFAULT 0
);

CREATE TABLE attachment (
  ROWID INTEGER PRIMARY KEY AUTOINCREMENT,
  guid TEXT UNIQUE NOT NULL,
  created_date INTEGER DEFAULT 0,
  start_date INTEGER DEFAULT 0,
  filename TEXT,
  uti TEXT,
  mime_type TEXT,
  transfer_state INTEGER DEFAULT 0,
  is_outgoing INTEGER DEFAULT 0,
  user_info BLOB,
  transfer_name TEXT,
  total_bytes INTEGER DEFAULT 0,
  is_sticker INTEGER DEFAULT 0,
  sticker_user_info BLOB,
  attribution_info BLOB,
  hide_attachment INTEGER DEFAULT 0,
  original_guid TEXT
);

CREATE TABLE chat_handle_join (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  handle_id INTEGER REFERENCES handle (ROWID) ON DELETE CASCADE,
  UNIQUE (chat_id, handle_id)
);

CREATE TABLE chat_message_join (
  chat_id INTEGER REFERENCES chat (ROWID) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  message_date INTEGER DEFAULT 0,
  PRIMARY KEY (chat_id, message_id)
);

CREATE TABLE message_attachment_join (
  message_id INTEGER REFERENCES message (ROWID) ON DELETE CASCADE,
  attachment_id INTEGER REFERENCES attachment (ROWID) ON DELETE CASCADE,
  UNIQUE (message_id, attachment_id)
);

CREATE INDEX message_idx_date ON message (date);
CREATE INDEX message_idx_assoc ON message (associated_message_guid);
CREATE INDEX message_idx_thread ON message (thread_originator_guid);
CREATE INDEX cmj_idx_msg ON chat_message_join (message_id);
CREATE INDEX cmj_idx_date ON chat_message_join (chat_id, message_date, message_id);
CREATE INDEX maj_idx_msg ON message_attachment_join (message_id);
`;
