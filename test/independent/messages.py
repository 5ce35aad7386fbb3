"""The database of Messages, written and read by SQL."""

import os
import sqlite3
import subprocess
import time
import uuid

from gateway import IMSG

# Seconds from 1970 to 2001, where Apple's time begins.
APPLE_EPOCH = 978_307_200


def make_world(folder, **settings):
    """Makes a database with Apple's tables. @returns its path"""
    environment = {**os.environ, "IMSG_SIM_HOME": folder}
    subprocess.run(["node", IMSG, "chats"], env=environment, check=True, capture_output=True)
    for key, value in settings.items():
        subprocess.run(["node", IMSG, "world", "set", key, value], env=environment, check=True, capture_output=True)
    return os.path.join(folder, "chat.db")


class Messages:
    """The database of Messages, written to as Messages itself would."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        self.chats = {}

    def add_chat(self, guid, identifier, style, people):
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        chat = run(
            "INSERT INTO chat (guid, style, state, chat_identifier, service_name) VALUES (?, ?, 3, ?, 'iMessage')",
            (guid, style, identifier),
        ).lastrowid
        for person in people:
            found = run("SELECT ROWID FROM handle WHERE id = ? AND service = 'iMessage'", (person,)).fetchone()
            handle = (
                found[0]
                if found
                else run("INSERT INTO handle (id, country, service) VALUES (?, 'us', 'iMessage')", (person,)).lastrowid
            )
            run("INSERT INTO chat_handle_join (chat_id, handle_id) VALUES (?, ?)", (chat, handle))
        run("COMMIT")
        self.chats[guid] = chat
        return chat

    def arrive(self, chat, person, text):
        """One message from a person, in one transaction."""
        run = self.connection.execute
        date = int((time.time() - APPLE_EPOCH) * 1e9)
        run("BEGIN IMMEDIATE")
        (handle,) = run("SELECT ROWID FROM handle WHERE id = ?", (person,)).fetchone()
        message = run(
            "INSERT INTO message (guid, text, handle_id, service, account, date, is_finished, is_from_me)"
            " VALUES (?, ?, ?, 'iMessage', 'E:bot@example.com', ?, 1, 0)",
            (str(uuid.uuid4()).upper(), text, handle, date),
        ).lastrowid
        run(
            "INSERT INTO chat_message_join (chat_id, message_id, message_date) VALUES (?, ?, ?)", (chat, message, date)
        )
        run("COMMIT")

    def sent(self):
        """What went out: rows of (chat, text)."""
        return self.connection.execute(
            "SELECT j.chat_id, m.text FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID"
            " WHERE m.is_from_me = 1 ORDER BY m.ROWID"
        ).fetchall()
