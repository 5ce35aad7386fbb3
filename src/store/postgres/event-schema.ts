/** The values of an event, as SQL. */
interface EventValues {
  type: string;
  at: string;
  chat: string;
  /** Name and value, alternating. */
  facts: string;
}

const event = ({ type, at, chat, facts }: EventValues) =>
  `PERFORM note_event(NEW.account, '${type}', ${at}, ${chat}, NEW.id::text, json_build_object(${facts}));`;

/**
 * A trigger that writes events. It waits for the end of the transaction: ids of events are given in the order of commits (see
 * `note_event`), and what is locked for that is locked last and for a moment.
 */
function trigger(name: string, on: string, when: string, ...body: string[]): string {
  return `CREATE FUNCTION event_of_${name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM event_reader) THEN
    ${body.join("\n    ")}
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER event_of_${name} AFTER ${on} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION event_of_${name}();`;
}

const rowChat = "CASE WHEN NEW.chat_id > 0 THEN 'chat:' || NEW.chat_id ELSE 'handle:' || NEW.sender END";
const turnChat = (envelope: string) =>
  `CASE WHEN (${envelope} #>> '{chat,chatId}')::bigint > 0 THEN 'chat:' || (${envelope} #>> '{chat,chatId}')
    ELSE 'handle:' || (${envelope} #>> '{sender,handle}') END`;
const now = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

const message = event({
  type: "message",
  at: "NEW.received_at",
  chat: rowChat,
  facts: "'arrival', NEW.arrival",
});
const isUntold = "NOT EXISTS (SELECT 1 FROM event WHERE type = 'message' AND subject = NEW.id::text)";
const question = event({
  type: "question",
  at: "coalesce(NEW.ended_at, NEW.asked_at)",
  chat: `(SELECT ${turnChat("envelope")} FROM turn WHERE id = NEW.turn_id)`,
  facts: "'state', NEW.state, 'kind', NEW.kind",
});

/**
 * The log of what happened (behaviour 20.1a). Triggers write it, so that an event is in the commit of its change, whichever
 * version or command made that.
 */
export const eventSchema = [
  `CREATE TABLE event_reader (
  name TEXT PRIMARY KEY,
  cursor bigint NOT NULL,
  since bigint NOT NULL,
  memory json
);
CREATE TABLE event (
  id bigint PRIMARY KEY,
  account TEXT NOT NULL,
  type TEXT NOT NULL,
  at bigint NOT NULL,
  chat TEXT,
  subject TEXT,
  facts json NOT NULL
);
CREATE INDEX event_subject ON event (subject) WHERE type = 'message';
CREATE SEQUENCE event_id;
CREATE TABLE event_gap (up_to bigint NOT NULL);
INSERT INTO event_gap (up_to) VALUES (0);

-- Whoever writes events holds the lock until its commit is seen, so a reader that has seen an id has seen all before it.
CREATE FUNCTION note_event(account text, type text, at bigint, chat text, subject text, facts json) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('tapback event'), hashtext(current_schema()));
  INSERT INTO event VALUES (nextval('event_id'), account, type, at, chat, subject, facts);
  PERFORM pg_notify('tapback_' || current_schema(), 'events');
END $$;`,
  trigger("message", "INSERT ON journal", "NEW.chat_id > 0", message),
  // A row that came without its chat is told of once that is known, or once it was decided without.
  trigger(
    "located_message",
    "UPDATE OF chat_id ON journal",
    "OLD.chat_id <= 0 AND NEW.chat_id > 0",
    `IF ${isUntold} THEN ${message} END IF;`,
  ),
  trigger(
    "decision",
    "UPDATE OF decision ON journal",
    "NEW.decision IS NOT NULL AND (NEW.decision, NEW.reason, NEW.decided_at) IS DISTINCT FROM (OLD.decision, OLD.reason, OLD.decided_at)",
    `IF NEW.chat_id <= 0 AND ${isUntold} THEN ${message} END IF;`,
    event({
      type: "decision",
      at: "NEW.decided_at",
      chat: rowChat,
      facts: "'kind', NEW.decision, 'reason', NEW.reason",
    }),
  ),
  trigger(
    "turn",
    "UPDATE OF state ON turn",
    "NEW.state IS DISTINCT FROM OLD.state AND NEW.state <> 'queued'",
    event({
      type: "turn",
      at: "coalesce(NEW.ended_at, NEW.started_at)",
      chat: turnChat("NEW.envelope"),
      facts:
        "'state', CASE NEW.state WHEN 'running' THEN 'started' ELSE NEW.state END, 'attempt', NEW.attempt, 'code', NEW.error ->> 'code'",
    }),
  ),
  trigger(
    "sent",
    "UPDATE OF state, error ON outbox",
    "NEW.state IN ('stored', 'delivered', 'not_sent', 'unknown') AND (NEW.state IS DISTINCT FROM OLD.state OR (NEW.error IS NOT NULL AND OLD.error IS NULL))",
    event({
      type: "sent",
      at: "coalesce((NEW.delivery ->> 'checkedAt')::bigint, NEW.settled_at)",
      chat: "NEW.chat_key",
      facts: "'state', NEW.state, 'code', NEW.error ->> 'code'",
    }),
  ),
  trigger(
    "draft",
    "UPDATE OF state, overtaken_at ON draft",
    "(NEW.state, NEW.overtaken_at) IS DISTINCT FROM (OLD.state, OLD.overtaken_at) AND 'held' IN (OLD.state, NEW.state)",
    event({
      type: "draft",
      at: "coalesce(NEW.ended_at, NEW.overtaken_at, NEW.held_at)",
      chat: "NEW.chat_key",
      facts:
        "'state', CASE WHEN NEW.state = 'held' AND NEW.overtaken_at IS NOT NULL THEN 'overtaken' ELSE NEW.state END",
    }),
  ),
  trigger("question", "INSERT ON question", "NEW.kind <> 'draft'", question),
  trigger(
    "settled_question",
    "UPDATE OF state ON question",
    "NEW.kind <> 'draft' AND NEW.state IS DISTINCT FROM OLD.state",
    question,
  ),
  trigger(
    "pairing",
    "INSERT ON pairing",
    "TRUE",
    event({
      type: "pairing",
      at: "NEW.requested_at",
      chat: "'chat:' || NEW.chat_id",
      facts: "'state', 'requested'",
    }),
  ),
  // Earlier requests of the person that had expired are closed with the one that is settled.
  trigger(
    "settled_pairing",
    "UPDATE OF state ON pairing",
    "NEW.state IN ('approved', 'denied')",
    `IF NEW.id = (SELECT max(id) FROM pairing WHERE account = NEW.account AND handle = NEW.handle) THEN
      ${event({ type: "pairing", at: now, chat: "'chat:' || NEW.chat_id", facts: "'state', NEW.state" })}
    END IF;`,
  ),
].join("\n");
