import * as z from "zod";
import { type Config, resolveAccounts } from "../../config/index.js";
import { formatTarget, maxFiles, mayBeSameChat, shownText } from "../../conversation/index.js";
import { findEntry, inboxRow, storyFacts, storyOf } from "../../facts/index.js";
import type { JournalEntry, JournalFilter } from "../../store/index.js";
import { cursorAt, readCursor } from "../cursor.js";
import type { ApiDeps } from "../deps.js";
import type { Reach } from "../reach.js";
import { invalid, unknown } from "../refusals.js";
import { route } from "../route.js";
import { accountQuery, cursorQuery, limitQuery, message, pageOf, sent, story } from "../schemas.js";
import { lookedThrough, mostLookedThrough } from "../search.js";
import { reachedStory } from "../story.js";
import { targetIn } from "./chats.js";

const messagePath = z.strictObject({
  message: z.string().max(200).describe("The `id` or the `guid` of a message."),
});

export const messageRoutes = [
  route({
    id: "listMessages",
    method: "get",
    path: "/v1/messages",
    scope: "read",
    summary: "List messages, in and out.",
    description: `With \`order=oldest\` the list goes on for ever: \`next\` is then never null once there was a message, and asks for what came since. Words are looked for in ${mostLookedThrough} messages; \`next\` then goes on behind them.`,
    parameters: {
      query: z.strictObject({
        ...accountQuery,
        chat: z
          .string()
          .max(500)
          .optional()
          .describe("Only this conversation, named as in `GET /v1/chats/{chat}`."),
        words: z
          .string()
          .max(200)
          .default("")
          .describe(
            "Only messages with these words, in their text or in who or where they are from; case does not matter.",
          ),
        order: z.enum(["newest", "oldest"]).default("newest").describe("Which come first."),
        ...limitQuery,
        ...cursorQuery,
      }),
    },
    result: pageOf(message),
    async handle({ query, reach, api }) {
      const { order, limit, words, cursor } = query;
      const from = readCursor(order, cursor);
      // Before the chats are looked up: what begins a new one meanwhile comes behind it.
      const upTo = order === "oldest" ? await placedUpTo(query, from ?? 0, reach, api) : undefined;
      const list = await messagesIn(query, reach, api);
      const wanted = { limit, words, from, isReached: list.has };
      const { entries, at, isMore } = await lookedThrough(wanted, (behind, size) => {
        const filter: JournalFilter = { limit: size, own: true, oldestFirst: order === "oldest" };
        if (upTo !== undefined) filter.before = upTo + 1;
        if (behind !== undefined) filter[order === "oldest" ? "after" : "before"] = behind;
        return list.read(filter);
      });
      const goesOn = order === "oldest" || isMore;
      return {
        items: entries.map(messageFacts),
        next: goesOn && at !== undefined ? cursorAt(order, at) : null,
      };
    },
  }),
  route({
    id: "getMessage",
    method: "get",
    path: "/v1/messages/{message}",
    scope: "read",
    summary: "Show one message.",
    parameters: { path: messagePath },
    result: message,
    async handle({ path, reach, api }) {
      return messageFacts(await entryNamed(path.message, reach, api));
    },
  }),
  route({
    id: "getAttachment",
    method: "get",
    path: "/v1/messages/{message}/attachments/{attachment}",
    scope: "read",
    summary: "Fetch a file of a message.",
    description:
      "As an agent gets it: only where `channels.imessage.includeAttachments` is on, from the folders of `attachmentRoots`, within `mediaMaxMb`. `Content-Type` is what its content shows.",
    parameters: {
      path: messagePath.extend({
        attachment: z.coerce
          .number()
          .int()
          .min(0)
          .max(1000)
          .describe("Its place in `attachments` of the message, from 0."),
      }),
    },
    result: z.string().meta({ format: "binary" }),
    media: "application/octet-stream",
    refusals: [422, 503],
    async handle({ path, reach, api }) {
      const file = await api.attachment(await entryNamed(path.message, reach, api), path.attachment);
      if (!file) throw unknown();
      return new Response(file.content, {
        headers: {
          "Content-Type": file.mimeType,
          "Content-Length": String(file.bytes),
          // Whoever sent it made it: no browser is to show it as a page of ours.
          "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
          "Content-Security-Policy": "default-src 'none'; sandbox",
          "X-Content-Type-Options": "nosniff",
          "Cache-Control": "no-store",
        },
      });
    },
  }),
  route({
    id: "explainMessage",
    method: "get",
    path: "/v1/explain/{message}",
    scope: "read",
    summary: "Tell the story of one message: gates, turn, answers.",
    description:
      "A token with chats is told of what was sent and done in these alone, and no notes of the turn, which may name others.",
    parameters: { path: messagePath },
    result: story,
    async handle({ path, reach, api }) {
      const entry = await entryNamed(path.message, reach, api);
      const whole = (text: string) => text;
      return storyFacts(await reachedStory(await storyOf(api.store, entry), reach), whole);
    },
  }),
  route({
    id: "sendMessage",
    method: "post",
    path: "/v1/messages",
    scope: "send",
    summary: "Send a message.",
    description:
      "It is a text, files, or both, and goes as `tapback message send` does: by the same rules, to nobody who said STOP, within the budgets of the account. All files together have at most `channels.imessage.mediaMaxMb`. The answer comes when it is sent, or after 30 seconds, and tells how far it is then.",
    parameters: {
      headers: z.object({
        "Idempotency-Key": z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe(
            "The same message under the same key is sent once, whenever it is asked for, also after a crash of either side; another message under it is refused with 422. Kept for a week at least, for each token and account by itself.",
          ),
      }),
    },
    body: z.strictObject({
      account: z
        .string()
        .max(200)
        .optional()
        .describe("The account that sends it; the token's, else the default one."),
      to: z
        .string()
        .max(500)
        .describe("`chat_id:42`, `chat_guid:…`, `chat_identifier:…`, a phone number or an e-mail address."),
      text: z.string().min(1).max(100_000).optional().describe("Markdown. It may be left out beside files."),
      files: z
        .array(
          z.strictObject({
            name: z.string().min(1).max(255).describe("What people see; its ending says what it is."),
            content: z.string().min(1).meta({ contentEncoding: "base64" }).describe("Its bytes in base64."),
          }),
        )
        .max(maxFiles)
        .optional()
        .describe("They go behind the text, each as a message of its own."),
    }),
    mostBytes: (config) => 256 * 1024 + Math.ceil((largestMb(config) * 1024 * 1024 * 4) / 3),
    result: sent,
    refusals: [422, 503],
    async handle({ body, headers, reach, by, tokenId, api }) {
      const account = reach.account(body.account);
      const target = await reach.sendTarget(account, targetIn(body.to, account, api));
      const key = headers["Idempotency-Key"];
      const files = body.files?.map(({ name, content }, index) => ({ name, bytes: bytesIn(content, index) }));
      if (body.text === undefined && !files?.length) throw invalid("text or files are needed");
      const message = {
        ...{ account, to: formatTarget(target) },
        ...(body.text !== undefined && { text: body.text }),
        ...(files?.length && { files }),
      };
      return api.send({ ...message, ...(key !== undefined && { key: `${tokenId} ${key}` }) }, by);
    },
  }),
];

/** All files of one request take as much as one of them may. */
function largestMb(config: Config): number {
  return Math.max(0, ...resolveAccounts(config).map(({ mediaMaxMb }) => mediaMaxMb));
}

/** @throws `REQUEST_INVALID` for what is not base64, of which a lenient reader would take a part */
function bytesIn(content: string, index: number): Buffer {
  const bytes = Buffer.from(content, "base64");
  if (content.length === Math.ceil(bytes.length / 3) * 4) return bytes;
  throw invalid(`files.${index}.content: this is not base64 with its padding`);
}

/** The messages that a request is about. */
export interface MessageList {
  /** Reads rows of the chats that are meant, each by its index. Whether each is one of the list is to be asked still. */
  read: (filter: JournalFilter) => Promise<JournalEntry[]>;
  /**
   * Whether a row that was read is one of the list: it is reached, and no other conversation's that had the number in an earlier database
   * (behaviour 10.3b).
   */
  has: (entry: JournalEntry) => boolean;
}

/**
 * The messages of one conversation, or of all that are reached.
 * @throws `RESOURCE_UNKNOWN` where none of the chats that are named is reached
 */
export async function messagesIn(
  { chat, account }: { chat?: string | undefined; account?: string | undefined },
  reach: Reach,
  api: ApiDeps,
): Promise<MessageList> {
  const { journal } = api.store;
  const only = account === undefined ? reach.onlyAccount : reach.account(account);
  const isReached = (entry: JournalEntry) => reach.hasEntry(entry);
  if (chat === undefined && !reach.isLimited)
    return {
      read: (filter) => journal.list({ ...filter, ...(only !== undefined && { account: only }) }),
      has: isReached,
    };
  const id = reach.account(account);
  const chats =
    chat === undefined
      ? (await reach.chats(id)).map(({ row }) => row.chat)
      : await reach.chatsNamed(id, targetIn(chat, id, api));
  if (chat !== undefined && chats.length === 0) throw unknown();
  const isMeant = ({ row }: JournalEntry) =>
    chats.some((each) => each.id === row.chat.id && mayBeSameChat(each, row.chat));
  return {
    async read(filter) {
      const lists = await Promise.all(
        chats.map((each) => journal.list({ ...filter, account: id, chatId: each.id })),
      );
      const sign = filter.oldestFirst ? 1 : -1;
      return lists
        .flat()
        .sort((one, other) => sign * (one.id - other.id))
        .slice(0, filter.limit);
    },
    has: (entry) => isReached(entry) && (chat === undefined || isMeant(entry)),
  };
}

/**
 * A row that waits for its chat gets it under its number, and one of another gateway may be kept after one with a higher number: whoever went
 * on behind it would miss it.
 * @returns the last row that may be told before it; undefined where none can come before what is there: one account's rows are kept in order
 */
async function placedUpTo(
  { chat, account }: { chat?: string | undefined; account?: string | undefined },
  after: number,
  reach: Reach,
  api: ApiDeps,
): Promise<number | undefined> {
  const isByChats = chat !== undefined || reach.isLimited;
  const only = account ?? reach.onlyAccount;
  if (!isByChats && only !== undefined) return undefined;
  return api.store.journal.placedUpTo(isByChats ? reach.account(account) : undefined, after);
}

/** @returns the row of a message that is reached @throws `RESOURCE_UNKNOWN`, `MESSAGE_UNKNOWN` */
export async function entryNamed(name: string, reach: Reach, { store }: ApiDeps): Promise<JournalEntry> {
  if (name === "last") throw unknown();
  const entry = await findEntry(store, name, reach.onlyAccount);
  if (!reach.hasEntry(entry)) throw unknown();
  return entry;
}

/** A message as programs see it. */
export function messageFacts(entry: JournalEntry) {
  const { row } = entry;
  const { tapback } = row;
  return {
    ...inboxRow(entry),
    senderName: row.senderName ?? null,
    fromMe: row.fromMe,
    sentAt: new Date(row.sentAt).toISOString(),
    text: shownText(row),
    attachments: row.attachments.map(({ name, mimeType, bytes, missing }) => ({
      name,
      mimeType,
      bytes,
      missing,
    })),
    replyTo: row.replyTo?.guid ?? null,
    tapback: tapback
      ? { kind: tapback.kind, emoji: tapback.emoji, added: tapback.added, to: tapback.targetGuid }
      : null,
  };
}
