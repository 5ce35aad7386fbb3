import { describeChat, listChats } from "../../reading/chats.js";
import { type Filter, history } from "../../reading/history.js";
import { internal, invalidParams } from "../errors.js";
import type { Call, Method } from "../method.js";

const chatsList: Method = {
  lane: "read",
  run: ({ world, params, chats }) => ({
    chats: listChats(world, chats, {
      limit: limitOf(world, params.integer("limit") ?? 20),
      unreadOnly: world.since("0.13.0") && (params.flag("unread_only", "unreadOnly") ?? false),
      form: "rpc",
    }),
  }),
};

/** One chat, without what only a list tells (protocol reference 15.3). */
const chatsGet: Method = {
  lane: "read",
  run: ({ params, chats }) => {
    const id = params.integer("chat_id");
    if (id === undefined || id <= 0) throw invalidParams("chat_id must be a positive integer");
    const chat = chats.get(id);
    if (chat === undefined) throw invalidParams(`unknown chat_id ${id}`);
    return describeChat(chat);
  },
};

const messagesHistory: Method = {
  lane: "read",
  run: (call) => {
    const { world, params, chats } = call;
    const chatId = params.integer("chat_id");
    if (chatId === undefined) throw invalidParams("chat_id is required");
    return {
      messages: history(world, chats, {
        chatId,
        limit: limitOf(world, params.integer("limit") ?? 50),
        attachments: params.flag("attachments") ?? false,
        convert: params.flag("convert_attachments") ?? false,
        filter: filterOf(call),
      }),
    };
  },
};

/** How many are wanted. @throws for none since 0.15.0 (protocol reference 15.3); before, that is one */
function limitOf(world: Call["world"], limit: number): number {
  if (limit < 1 && world.since("0.15.0")) throw invalidParams("limit must be a positive integer");
  return Math.max(1, limit);
}

/** What is taken for a time: a date, a time of day and a zone. */
const iso8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/;

/** Reads `participants`, `start` and `end`. */
export function filterOf({ world, params }: Call): Filter {
  const filter: Filter = {};
  const participants = params.list("participants");
  if (participants !== undefined && participants.length > 0)
    filter.participants = participants.map((participant) => participant.toLowerCase());
  for (const name of ["start", "end"] as const) {
    const text = params.text(name);
    if (text === undefined) continue;
    const time = iso8601.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(time)) {
      const reason = `Invalid ISO8601 date: ${text}`;
      throw world.since("0.14.0") ? invalidParams(reason) : internal(reason);
    }
    filter[name] = time;
  }
  return filter;
}

export const readingMethods: Record<string, Method> = {
  "chats.list": chatsList,
  "chats.get": chatsGet,
  "messages.history": messagesHistory,
};
