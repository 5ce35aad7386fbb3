import * as z from "zod";
import type { HistoryEntry } from "../contract.js";
import { newestMessages } from "./newest-messages.js";
import { defineTool, type Tool } from "./tool.js";

const maxEntries = 50;

/** Reads the past of this conversation; for turns that have one to read. */
export function historyTool(): Tool {
  const schema = z.object({ query: z.string().optional(), limit: z.number().optional() });
  const description = "Earlier messages of this chat: the newest, or those with the words of query.";
  const tool = defineTool("history", description, schema, async ({ query, limit = 20 }, { history }) => {
    const most = Math.max(1, Math.min(maxEntries, Math.floor(limit)));
    return query?.trim() ? history?.search(query.trim(), most) : history?.recent(most);
  });
  return { ...tool, shorten: (found, most) => newestMessages(found as HistoryEntry[], most) };
}
