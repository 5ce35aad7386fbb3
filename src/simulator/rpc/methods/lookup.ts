import { unixMs } from "../../chat-db/apple-time.js";
import { foldPreviews } from "../../reading/folding.js";
import { describeMessage, type MessageRecord, readRows } from "../../reading/messages.js";
import { isTapbackType } from "../../reading/reactions.js";
import { search } from "../../reading/search.js";
import { invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";

/** Rows after one, ascending: for a client that keeps its own place. */
function after(call: Call): Record<string, unknown> {
  const { world, params, chats } = call;
  const since = params.integer("since_rowid");
  if (since === undefined || since < 0)
    throw invalidParams("since_rowid is required and must not be negative");
  const limit = Math.min(500, Math.max(1, params.integer("limit") ?? 100));
  const chatId = params.integer("chat_id");
  const tapbacks = params.flag("include_reactions") ?? false;
  const detail = {
    attachments: params.flag("attachments") ?? false,
    convert: params.flag("convert_attachments") ?? false,
    reactions: tapbacks,
  };
  const ids = world.sql("SELECT ROWID AS id FROM message WHERE ROWID > ? ORDER BY ROWID LIMIT ?");
  const page = ids.all(since, limit + 1).map(({ id }) => Number(id));
  const hasMore = page.length > limit;
  const next = page.slice(0, limit).at(-1) ?? since;
  return {
    messages: foldPreviews(world, rowsOf(call, { since, next, chatId }))
      .filter(({ message }) => message.id > since && (tapbacks || !isTapbackType(message.associatedType)))
      .map(({ message, preview }) => ({
        ...describeMessage(world, chats, message, detail),
        ...(preview === undefined ? {} : { url_preview: preview }),
      })),
    next_rowid: next,
    has_more: hasMore,
  };
}

/** So many rows before a page are looked at for the text of a preview in it. */
const lookedBack = 20;

/** The rows of a page and those before it, each once: as the chat that is asked for has it, else that of the lowest number. */
function rowsOf(
  { world }: Call,
  { since, next, chatId }: { since: number; next: number; chatId: number | undefined },
): MessageRecord[] {
  const where = "WHERE m.ROWID > ? AND m.ROWID <= ? AND j.chat_id IS NOT NULL ORDER BY m.ROWID, j.chat_id";
  const rows = readRows(world, where, since - lookedBack, next);
  return chatId === undefined
    ? rows.filter((row, index) => row.id !== rows[index - 1]?.id)
    : rows.filter((row) => row.chatId === chatId);
}

/** Counts of what the world holds. */
function stats({ world, params }: Call): Record<string, unknown> {
  const chatId = params.integer("chat_id") ?? null;
  const from = `FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID LEFT JOIN handle h ON h.ROWID = m.handle_id
    WHERE (?1 IS NULL OR j.chat_id = ?1)`;
  const groups = (expression: string, name: string) =>
    world
      .sql(`SELECT ${expression} AS name, count(*) AS n ${from} GROUP BY 1 ORDER BY 2 DESC`)
      .all(chatId)
      .map((row) => ({ [name]: row.name, count: Number(row.n) }));
  const total = world
    .sql(`SELECT count(*) AS n, coalesce(sum(m.is_from_me), 0) AS sent ${from}`)
    .get(chatId)!;
  return {
    total_messages: Number(total.n),
    sent_messages: Number(total.sent),
    received_messages: Number(total.n) - Number(total.sent),
    time_zone: params.text("time_zone") ?? "UTC",
    chats: groups("j.chat_id", "chat_id"),
    senders: groups("coalesce(h.id, '')", "sender"),
    services: groups("m.service", "service"),
    dates: groups(`date(${unixMs("m.date")} / 1000, 'unixepoch')`, "date"),
  };
}

export const lookupMethods: Record<string, Method> = {
  "messages.after": {
    lane: "read",
    run: after,
  },
  "messages.search": {
    lane: "read",
    run: ({ world, params, chats }) => {
      const query = params.text("query");
      if (!query) throw invalidParams("query is required");
      const match = params.text("match") ?? "contains";
      if (match !== "contains" && match !== "exact") throw invalidParams("match must be contains or exact");
      const limit = Math.min(100, Math.max(1, params.integer("limit") ?? 50));
      return { messages: search(world, chats, query, match, limit) };
    },
  },
  "messages.stats": {
    lane: "read",
    run: stats,
  },
  // Nothing in this world is ever scheduled.
  "messages.scheduled": {
    lane: "read",
    run: () => ({ messages: [] }),
  },
};
