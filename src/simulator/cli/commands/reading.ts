import { ChatBook, describeChat, listChats } from "../../reading/chats.js";
import { history } from "../../reading/history.js";
import { search } from "../../reading/search.js";
import { localCall } from "../../rpc/local-call.js";
import { filterOf } from "../../rpc/methods/reading.js";
import { type Given, type Option, UsageError } from "../argv.js";
import type { Command, Context } from "../command.js";
import { messageLine, messageLines } from "../message-lines.js";

const chatId: Option = { name: "chat-id", value: "id", help: "Chat rowid", integer: true };
const limit: Option = { name: "limit", value: "n", help: "Number of results", integer: true, min: 1 };

/** Options by which history and watch are narrowed. */
export const filterOptions: Option[] = [
  {
    name: "participants",
    value: "handles",
    help: "Only from these, separated by blanks or commas",
    many: true,
  },
  { name: "start", value: "time", help: "ISO 8601, inclusive" },
  { name: "end", value: "time", help: "ISO 8601, exclusive" },
  { name: "attachments", help: "Include attachments" },
  { name: "convert-attachments", help: "With easier variants of CAF and GIF files" },
];

/** Unlike over RPC, nothing is asked for by 0. */
const limitOf = (given: Given, usual: number) => given.integer("limit") ?? usual;

const chats: Command = {
  kind: "imsg",
  summary: "List recent conversations",
  options: [limit, { name: "unread-only", help: "Only chats with unread messages", since: "0.13.0" }],
  examples: ["imsg chats --limit 5", "imsg chats --json"],
  run: ({ given, world, print }) => {
    const options = {
      limit: limitOf(given, 20),
      unreadOnly: given.has("unread-only"),
      form: "cli" as const,
    };
    for (const chat of listChats(world, new ChatBook(world, true), options))
      print(
        chat,
        `[${chat.id}] ${chat.contact_name ?? chat.name} (${chat.identifier}) last=${chat.last_message_at}`,
      );
  },
};

function printGroup({ given, world, print }: Context): void {
  const id = given.integer("chat-id");
  if (id === undefined) throw new UsageError("Missing required option: --chat-id");
  const chat = new ChatBook(world, true).get(id);
  if (chat === undefined) throw new UsageError(`Chat not found: ${id}`);
  const object = describeChat(chat);
  const { is_group, participants, ...first } = object;
  const lines = Object.entries({ ...first, is_group }).map(([key, value]) => `${key}: ${value}`);
  const people = chat.participants.map((handle) => `\n  - ${handle}`);
  lines.push(`participants:${people.length === 0 ? " (none)" : people.join("")}`);
  print(object, lines.join("\n"));
}

const group: Command = {
  kind: "imsg",
  summary: "Show a chat's identity and participants",
  options: [chatId],
  examples: ["imsg group --chat-id 1 --json"],
  run: printGroup,
};

const historyCommand: Command = {
  kind: "imsg",
  summary: "Show recent messages of a chat",
  escapesSlashes: true,
  options: [{ ...chatId, required: true }, limit, ...filterOptions],
  examples: ["imsg history --chat-id 1 --limit 10 --json"],
  run: ({ given, world, print, json }) => {
    const messages = history(world, new ChatBook(world, true), {
      chatId: given.integer("chat-id")!,
      limit: limitOf(given, 50),
      attachments: json || given.has("attachments"),
      convert: given.has("convert-attachments"),
      filter: filterOf(
        localCall(world, "history", {
          participants: given.many("participants"),
          start: given.text("start"),
          end: given.text("end"),
        }),
      ),
    });
    for (const message of messages) print(message, json ? undefined : messageLines(world, message, given));
  },
};

const searchCommand: Command = {
  kind: "imsg",
  summary: "Search messages",
  escapesSlashes: true,
  options: [
    { name: "query", value: "text", help: "What to look for", required: true },
    { name: "match", value: "mode", help: "contains or exact" },
    limit,
  ],
  examples: ['imsg search --query "saturday" --json'],
  run: ({ given, world, print }) => {
    const query = given.text("query");
    if (query === "") throw new UsageError("Missing required option: --query");
    const match = given.text("match") ?? "contains";
    if (match !== "contains" && match !== "exact") throw new UsageError("Invalid value for option: --match");
    const found = search(world, new ChatBook(world, true), query!, match, limitOf(given, 50));
    for (const message of found) print(message, messageLine(message));
  },
};

export const readingCommands: Record<string, Command> = {
  chats,
  group,
  history: historyCommand,
  search: searchCommand,
};
