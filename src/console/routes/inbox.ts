import * as z from "zod";
import {
  accountQuery,
  cursorAt,
  cursorQuery,
  limitQuery,
  message,
  messageFacts,
  pageOf,
  readCursor,
  route,
} from "../../api/serving/index.js";
import { reasonText, shownText } from "../../conversation/index.js";
import type { JournalEntry, JournalFilter } from "../../store/index.js";

/** Rows that one request looks through for words, and how many at a time. */
const mostSearched = 5000;
const slice = 500;

export const inboxMessage = message
  .extend({ chatName: z.string(), decisionText: z.string().nullable() })
  .meta({ id: "InboxMessage" });

export const inboxRoutes = [
  route({
    id: "listInbox",
    method: "get",
    path: "/v1/inbox",
    scope: "admin",
    summary: "List what came in, newest first, by what became of it and by words.",
    description: `Words are looked for in ${mostSearched} messages; \`next\` then goes on with the older ones.`,
    parameters: {
      query: z.strictObject({
        ...accountQuery,
        show: z.enum(["all", "answered", "dropped", "failed", "waiting"]).default("all"),
        words: z.string().max(200).optional(),
        ...limitQuery,
        ...cursorQuery,
      }),
    },
    result: pageOf(inboxMessage),
    async handle({ query, reach, api }) {
      const { show, words = "", limit, account } = query;
      const filter = { ...filters[show], ...(account !== undefined && { account: reach.account(account) }) };
      const wanted = words.trim().toLowerCase();
      const found: JournalEntry[] = [];
      let before = readCursor("newest", query.cursor);
      let left = mostSearched;
      let isMore = true;
      while (isMore && found.length < limit && left > 0) {
        const size = wanted === "" ? limit : slice;
        const rows = await api.store.journal.list({
          ...{ ...filter, limit: size },
          ...(before !== undefined && { before }),
        });
        isMore = rows.length === size;
        left -= rows.length;
        for (const entry of rows) {
          if (found.length === limit) {
            isMore = true;
            break;
          }
          before = entry.id;
          if (wanted === "" || hasWords(entry, wanted)) found.push(entry);
        }
      }
      return {
        items: found.map(inboxFacts),
        next: isMore && before !== undefined ? cursorAt("newest", before) : null,
      };
    },
  }),
];

const filters: Record<string, Partial<JournalFilter>> = {
  all: {},
  answered: { decision: "dispatch" },
  dropped: { decision: "drop" },
  failed: { state: "failed" },
  waiting: { state: "in_turn" },
};

function hasWords({ row }: JournalEntry, wanted: string): boolean {
  return [shownText(row), row.senderName ?? "", row.sender, row.chat.name].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

function inboxFacts(entry: JournalEntry) {
  const { decision, row } = entry;
  const reason = decision && "reason" in decision ? decision.reason : undefined;
  return {
    ...messageFacts(entry),
    chatName: row.chat.name,
    decisionText: reason === undefined ? null : reasonText(reason).happened,
  };
}
