const cacheRoomNames = (messageId: string) => `
  UPDATE message SET cache_roomnames = (
    SELECT group_concat(c.room_name) FROM chat_message_join j JOIN chat c ON c.ROWID = j.chat_id
    WHERE j.message_id = ${messageId}
  ) WHERE ROWID = ${messageId};`;

const deleteUnjoined = `
  DELETE FROM message WHERE ROWID = OLD.message_id
    AND NOT EXISTS (SELECT 1 FROM chat_message_join WHERE message_id = OLD.message_id)
    AND NOT EXISTS (SELECT 1 FROM chat_recoverable_message_join WHERE message_id = OLD.message_id);`;

const deleteUnnamedHandle = `
  DELETE FROM handle WHERE ROWID = OLD.handle_id
    AND NOT EXISTS (SELECT 1 FROM chat_handle_join WHERE handle_id = OLD.handle_id)
    AND NOT EXISTS (SELECT 1 FROM message WHERE handle_id = OLD.handle_id)
    AND NOT EXISTS (SELECT 1 FROM message WHERE other_handle = OLD.handle_id);`;

/** Functions that only Messages has: who deletes messages or attachments registers them, or SQLite refuses the statement. */
export const functionsOfMessages = [
  "after_delete_message_plugin",
  "delete_attachment_path",
  "before_delete_attachment_path",
];

/**
 * The triggers of macOS 15, each of which does what docs/spec/chat-db-schema.json says of it, in words of our own. Those that
 * macOS 26 has beyond these are not known by name.
 */
export const triggers = `
CREATE TRIGGER after_insert_on_chat_message_join AFTER INSERT ON chat_message_join BEGIN${cacheRoomNames("NEW.message_id")}
END;

CREATE TRIGGER after_delete_on_chat_message_join AFTER DELETE ON chat_message_join BEGIN${cacheRoomNames("OLD.message_id")}${deleteUnjoined}
END;

CREATE TRIGGER after_delete_on_chat_recoverable_message_join AFTER DELETE ON chat_recoverable_message_join BEGIN${cacheRoomNames("OLD.message_id")}${deleteUnjoined}
END;

CREATE TRIGGER after_insert_on_message_attachment_join AFTER INSERT ON message_attachment_join BEGIN
  UPDATE message SET cache_has_attachments = 1 WHERE ROWID = NEW.message_id;
END;

CREATE TRIGGER after_delete_on_message_attachment_join AFTER DELETE ON message_attachment_join BEGIN
  DELETE FROM attachment WHERE ROWID = OLD.attachment_id
    AND NOT EXISTS (SELECT 1 FROM message_attachment_join WHERE attachment_id = OLD.attachment_id);
END;

CREATE TRIGGER update_message_date_after_update_on_message AFTER UPDATE OF date ON message BEGIN
  UPDATE chat_message_join SET message_date = NEW.date
    WHERE message_id = NEW.ROWID AND message_date IS NOT NEW.date;
END;

CREATE TRIGGER update_last_failed_message_date AFTER UPDATE OF error ON message
WHEN NEW.error != 0
  AND NEW.date > coalesce((SELECT value FROM kvtable WHERE key = 'lastFailedMessageDate'), 0)
BEGIN
  INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageDate', NEW.date);
  INSERT OR REPLACE INTO kvtable (key, value) VALUES ('lastFailedMessageRowID', NEW.ROWID);
END;

CREATE TRIGGER after_delete_on_message AFTER DELETE ON message BEGIN${deleteUnnamedHandle}
END;

CREATE TRIGGER after_delete_on_chat_handle_join AFTER DELETE ON chat_handle_join BEGIN${deleteUnnamedHandle}
END;

CREATE TRIGGER delete_associated_messages_after_delete_on_message AFTER DELETE ON message
WHEN OLD.associated_message_guid IS NULL BEGIN
  DELETE FROM message WHERE guid = OLD.associated_message_guid;
END;

CREATE TRIGGER add_to_deleted_messages AFTER DELETE ON message BEGIN
  INSERT INTO deleted_messages (guid) VALUES (OLD.guid);
END;

CREATE TRIGGER add_to_sync_deleted_messages AFTER DELETE ON message BEGIN
  INSERT INTO sync_deleted_messages (guid, recordID) VALUES (OLD.guid, OLD.ck_record_id);
END;

CREATE TRIGGER add_to_sync_deleted_attachments AFTER DELETE ON attachment BEGIN
  INSERT INTO sync_deleted_attachments (guid, recordID) VALUES (OLD.guid, OLD.ck_record_id);
END;

CREATE TRIGGER after_delete_on_message_plugin AFTER DELETE ON message WHEN OLD.balloon_bundle_id IS NOT NULL BEGIN
  SELECT after_delete_message_plugin(OLD.balloon_bundle_id, OLD.guid);
END;

CREATE TRIGGER after_delete_on_attachment AFTER DELETE ON attachment BEGIN
  SELECT delete_attachment_path(OLD.filename);
END;

CREATE TRIGGER before_delete_on_attachment BEFORE DELETE ON attachment BEGIN
  SELECT before_delete_attachment_path(OLD.ROWID, OLD.guid);
END;

CREATE TRIGGER after_delete_on_chat AFTER DELETE ON chat BEGIN
  DELETE FROM chat_message_join WHERE chat_id = OLD.ROWID;
END;
`;
