import * as z from "zod";
import {
  accountQuery,
  cursorAt,
  cursorQuery,
  limitQuery,
  lookedThrough,
  message,
  messageFacts,
  mostLookedThrough,
  pageOf,
  readCursor,
  route,
} from "../../api/serving/index.js";
import { reasonText } from "../../conversation/index.js";
import type { JournalEntry, JournalFilter } from "../../store/index.js";

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
    description: `Words are looked for in ${mostLookedThrough} messages; \`next\` then goes on with the older ones.`,
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
      const from = readCursor("newest", query.cursor);
      const wanted = { limit, words, from, isReached: () => true };
      const { entries, at, isMore } = await lookedThrough(wanted, (before, size) =>
        api.store.journal.list({ ...filter, limit: size, ...(before !== undefined && { before }) }),
      );
      return {
        items: entries.map(inboxFacts),
        next: isMore && at !== undefined ? cursorAt("newest", at) : null,
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

function inboxFacts(entry: JournalEntry) {
  const { decision, row } = entry;
  const reason = decision && "reason" in decision ? decision.reason : undefined;
  return {
    ...messageFacts(entry),
    chatName: row.chat.name,
    decisionText: reason === undefined ? null : reasonText(reason).happened,
  };
}
