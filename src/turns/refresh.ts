import type { BridgeReader } from "../bridge/index.js";
import type { Decision, Envelope, MessageRow } from "../conversation/index.js";
import { readableText } from "../conversation/index.js";
import { type Clock, type Log, messageOf } from "../platform/index.js";
import type { Claim, JournalEntry, Store, Turn } from "../store/index.js";
import { renderMessages } from "./envelope/envelope.js";

/** A message that waited longer than this is read again before its turn, milliseconds (behaviour 9.7). */
const staleMs = 2000;
/** Rows of the chat since the message that are looked through. */
const lookedRows = 50;
/** The turn does not wait longer for the look, milliseconds. */
const longestLookMs = 5000;

/** What is needed to read messages again. */
export interface RefreshDeps {
  bridge: BridgeReader;
  store: Store;
  clock: Clock;
  log: Log;
}

/** What became of a turn's messages while they waited. */
interface Changes {
  entries: JournalEntry[];
  /** The messages as they are now, by GUID. */
  shown: Map<string, MessageRow>;
  unsent: JournalEntry[];
  edited: JournalEntry[];
}

/** Whether the messages of a turn that waits say what they said when they came, as far as can be found out. */
export async function isAsWritten(turn: Turn, deps: RefreshDeps): Promise<boolean> {
  return (await changesOf(turn, deps)) === undefined;
}

/**
 * Reads the messages of a turn again that waited: edits and unsends show in the history alone (behaviour 9.7).
 * @param claim of the turn
 * @returns the envelope to run with; undefined when nothing of it is left to answer
 */
export async function refreshTurn(
  turn: Turn,
  claim: Claim,
  deps: RefreshDeps,
): Promise<Envelope | undefined> {
  const { store, clock, log } = deps;
  const { envelope } = turn;
  const changes = await changesOf(turn, deps);
  if (!changes) return envelope;
  const { entries, shown, unsent, edited } = changes;
  const gone = new Set(unsent.map(({ row }) => row.guid));
  const answered = new Map(envelope.messages.map(({ guid, replyTo }) => [guid, replyTo]));
  const left = entries
    .filter(({ row }) => !gone.has(row.guid))
    .map((entry) => {
      const { row } = entry;
      const text = shown.get(row.guid)?.text || row.text;
      return { ...entry, row: { ...row, text, replyTo: answered.get(row.guid) } };
    });
  const revised = renew(envelope, left, gone);
  const ended = unsent.map(({ id, decision }) => ({ id, decision: takenBack(decision) }));
  await store.turns.revise(claim, revised, ended, clock.now());
  log.info("messages changed while they waited for their turn", {
    turn: turn.id,
    edited: edited.length,
    unsent: unsent.length,
  });
  return left.length > 0 ? revised : undefined;
}

/** @returns undefined where nothing changed, or nothing could be found out */
async function changesOf({ envelope, account }: Turn, deps: RefreshDeps): Promise<Changes | undefined> {
  const { bridge, store, clock, log } = deps;
  const guids = envelope.messages.map(({ guid }) => guid);
  const found = await store.journal.findByGuids(guids, account);
  const entries = guids.flatMap((guid) => found.get(guid) ?? []);
  const [first] = entries;
  const waited = Math.max(0, ...entries.map(({ receivedAt }) => clock.now() - receivedAt));
  if (!first || waited <= staleMs || bridge.state !== "live" || first.row.chat.id <= 0) return undefined;
  let shown: Map<string, MessageRow>;
  try {
    shown = await look(bridge, entries, clock);
  } catch (error) {
    log.debug("messages could not be read again before their turn", { error: messageOf(error) });
    return undefined;
  }
  const unsent = entries.filter(({ row }) => isUnsent(row, shown.get(row.guid)));
  const edited = entries.filter(({ row }) => isEdited(row, shown.get(row.guid)));
  return unsent.length === 0 && edited.length === 0 ? undefined : { entries, shown, unsent, edited };
}

async function look(
  bridge: BridgeReader,
  entries: JournalEntry[],
  clock: Clock,
): Promise<Map<string, MessageRow>> {
  const since = Math.min(...entries.map(({ row }) => row.sentAt)) - 1;
  const answered = new AbortController();
  const late = clock.sleep(longestLookMs, answered.signal);
  // The oldest of many is what counts: history gives the newest first.
  const until = Math.max(...entries.map(({ row }) => row.sentAt)) + 1;
  const history = bridge.history({
    chatId: entries[0]!.row.chat.id,
    limit: lookedRows,
    since,
    until,
    attachments: true,
  });
  try {
    const rows = await Promise.race([history, late]);
    if (typeof rows === "boolean") throw new Error(`no answer within ${longestLookMs} ms`);
    return new Map(rows.map((row) => [row.guid, row]));
  } finally {
    // A reason of its own makes no error, whose stack costs.
    answered.abort("answered");
  }
}

/** An unsent message keeps its row, without text and attachments (protocol reference 4.7). A row that is gone says nothing. */
function isUnsent(before: MessageRow, now: MessageRow | undefined): boolean {
  if (!now || readableText(now.text) !== "" || now.attachments.length > 0 || now.poll) return false;
  return readableText(before.text) !== "" || before.attachments.length > 0;
}

/** A link preview that was folded in meanwhile may add the link to the text: that is no edit (protocol reference 9.1). */
function isEdited(before: MessageRow, now: MessageRow | undefined): boolean {
  if (now?.preview && !before.preview) return false;
  return (
    now !== undefined && readableText(now.text) !== "" && readableText(now.text) !== readableText(before.text)
  );
}

/** The envelope with other words; what was gathered around the messages stays. */
function renew(envelope: Envelope, left: JournalEntry[], gone: ReadonlySet<string>): Envelope {
  const { messages, text } = renderMessages(left, false);
  const attachments = new Map(envelope.messages.map((message) => [message.guid, message.attachments]));
  return {
    ...envelope,
    messages: messages.map((message) => ({
      ...message,
      attachments: attachments.get(message.guid) ?? message.attachments,
    })),
    coalescedMessageGuids: envelope.coalescedMessageGuids.filter((guid) => !gone.has(guid)),
    text,
  };
}

function takenBack(decision: Decision | undefined): Decision {
  const detail = "The message was taken back while it waited for its turn.";
  return {
    kind: "drop",
    treatedAs: decision?.treatedAs ?? "direct",
    gates: [...(decision?.gates ?? []), { gate: "unsent", passed: false, detail }],
    reason: "unsent",
    remedy: "Nothing: its sender took it back.",
  };
}
