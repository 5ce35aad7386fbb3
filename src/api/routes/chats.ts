import * as z from "zod";
import { regionOf } from "../../config/index.js";
import { formatTarget, hasSeveralPeople, parseTarget, type Target } from "../../conversation/index.js";
import type { JournalEntry } from "../../store/index.js";
import { cursorAt, readCursor } from "../cursor.js";
import type { ApiDeps } from "../deps.js";
import { invalid, unknown } from "../refusals.js";
import { route } from "../route.js";
import { accountQuery, chat, cursorQuery, limitQuery, pageOf } from "../schemas.js";

export const chatRoutes = [
  route({
    id: "listChats",
    method: "get",
    path: "/v1/chats",
    scope: "read",
    summary: "List the conversations, the one that was written in last first.",
    description: "Those that the journal knows a message of.",
    parameters: { query: z.strictObject({ ...accountQuery, ...limitQuery, ...cursorQuery }) },
    result: pageOf(chat),
    async handle({ query: { account, limit, cursor }, reach }) {
      const before = readCursor("newest", cursor) ?? Number.POSITIVE_INFINITY;
      const id = account === undefined ? undefined : reach.account(account);
      const rest = (await reach.chats(id)).filter((entry) => entry.id < before);
      const page = rest.slice(0, limit);
      const more = rest.length > limit;
      return { items: page.map(chatFacts), next: more ? cursorAt("newest", page.at(-1)!.id) : null };
    },
  }),
  route({
    id: "getChat",
    method: "get",
    path: "/v1/chats/{chat}",
    scope: "read",
    summary: "Show one conversation.",
    parameters: {
      path: z.strictObject({ chat: chatPath() }),
      query: z.strictObject(accountQuery),
    },
    result: chat,
    async handle({ path, query, reach, api }) {
      const account = reach.account(query.account);
      const target = targetIn(path.chat, account, api);
      const [named] = await reach.chatsNamed(account, target);
      const entry = (await reach.chats(account)).find(({ row }) => row.chat.id === named?.id);
      if (!entry) throw unknown();
      return chatFacts(entry);
    },
  }),
];

/** How a conversation is named in a path. */
function chatPath() {
  return z
    .string()
    .max(500)
    .describe("`chat_id:42`, `chat_guid:…`, `chat_identifier:…`, a phone number or an e-mail address.");
}

/** @throws `REQUEST_INVALID` for what names no conversation */
export function targetIn(text: string, account: string, { config }: ApiDeps): Target {
  const target = parseTarget(text, regionOf(config(), account));
  if (target.ok) return target.value;
  throw invalid(target.error.message);
}

function chatFacts({ account, row, receivedAt }: JournalEntry) {
  const { id, guid, identifier, name, participants } = row.chat;
  return {
    chat: formatTarget({ kind: "chat_id", chatId: id }),
    ...{ account, guid, identifier, name, participants },
    isGroup: hasSeveralPeople(row.chat, row.destination),
    lastMessageAt: new Date(receivedAt).toISOString(),
  };
}
