import * as z from "zod";
import {
  type AnyRoute,
  accountQuery,
  limitQuery,
  message,
  messageFacts,
  messagesIn,
  route,
} from "../../api/serving/index.js";
import { cutText, effectFor, effectNames, type MessageRow, readableText } from "../../conversation/index.js";
import type { JournalEntry, Store } from "../../store/index.js";
import { Names } from "../names.js";

/** Options of a poll that are told, and most of each, UTF-16 code units. */
const mostOptions = 20;
const longestOption = 500;

const poll = z.object({
  kind: z.enum(["created", "vote"]),
  of: z.string().describe("GUID of the message that has the poll."),
  question: z.string(),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  votes: z.array(z.string()).describe("Ids of all options that its voter has chosen now."),
});

export const bubble = message
  .extend({
    poll: poll.nullable(),
    change: z
      .object({ of: z.string(), kind: z.enum(["edited", "unsent"]), text: z.string() })
      .nullable()
      .describe("What became of an earlier message, of which this row is news."),
    effect: z.string().nullable().describe("With which effect the gateway sent it."),
  })
  .meta({ id: "Bubble" });

/** What a conversation is drawn from, and what people are called. */
export function chatRoutes(store: Store): AnyRoute[] {
  const names = new Names(store.journal);
  return [
    route({
      id: "listBubbles",
      method: "get",
      path: "/v1/bubbles",
      scope: "admin",
      summary: "List the newest rows of a conversation, with what is drawn beside their words.",
      parameters: { query: z.strictObject({ ...accountQuery, chat: z.string().max(500), ...limitQuery }) },
      result: z.object({ items: z.array(bubble) }),
      async handle({ query, reach, api }) {
        const list = await messagesIn(query, reach, api);
        const entries = (await list.read({ limit: query.limit, own: true })).filter(list.has);
        return { items: await Promise.all(entries.map((entry) => bubbleFacts(entry, api.store))) };
      },
    }),
    route({
      id: "listNames",
      method: "get",
      path: "/v1/names",
      scope: "admin",
      summary: "Tell what people are called who wrote, as the contacts of their account's Mac have them.",
      result: z.object({ items: z.array(z.object({ handle: z.string(), name: z.string() })) }),
      async handle() {
        return { items: await names.all() };
      },
    }),
  ];
}

async function bubbleFacts(entry: JournalEntry, store: Pick<Store, "outbox">) {
  const { account, row } = entry;
  const sent = row.fromMe ? await store.outbox.findSent(account, row) : undefined;
  const { change } = row;
  return {
    ...messageFacts(entry),
    poll: row.poll ? pollFacts(row.poll, row.guid) : null,
    change: change ? { of: change.guid, kind: change.kind, text: readableText(change.text) } : null,
    effect: sent?.effect === undefined ? null : effectName(sent.effect),
  };
}

function effectName(id: string): string {
  return effectNames.find((name) => effectFor(name) === id) ?? "an effect";
}

/** A poll as far as imsg could read it (protocol reference 4.5). */
function pollFacts(given: NonNullable<MessageRow["poll"]>, guid: string): z.input<typeof poll> {
  const isVote = given.kind === "vote";
  const options = listIn(given.options)
    .slice(0, mostOptions)
    .map(({ id, text }) => ({ id: textIn(id), text: textIn(text) }));
  return {
    kind: isVote ? "vote" : "created",
    of: isVote ? textIn(given.original_guid) || textIn(given.poll_guid) : guid,
    question: textIn(given.question),
    options,
    votes: listIn(given.votes)
      .slice(0, mostOptions)
      .map(({ option_id }) => textIn(option_id)),
  };
}

function listIn(value: unknown): Record<string, unknown>[] {
  const isObject = (item: unknown) => typeof item === "object" && item !== null;
  return Array.isArray(value) ? (value.filter(isObject) as Record<string, unknown>[]) : [];
}

function textIn(value: unknown): string {
  return typeof value === "string" ? cutText(readableText(value), longestOption) : "";
}
