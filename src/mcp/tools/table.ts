import * as z from "zod";
import { apiTable } from "../../api/serving/index.js";
import { attachmentUri } from "../attachments.js";
import type { McpDeps } from "../deps.js";
import type { Waits } from "../waits.js";
import { askTool } from "./ask.js";
import { accountField, chatField, cursorField } from "./fields.js";
import { getAttachment } from "./get-attachment.js";
import { routeTool } from "./route-tool.js";
import type { AgentTool } from "./tool.js";
import { waitForMessage } from "./wait-for-message.js";

/**
 * Every tool for agents of other systems (behaviour 20.3). What the API has is the API's own request; what is added is made of
 * such requests.
 */
export function agentTools(deps: McpDeps, waits: Waits): AgentTool[] {
  const table = apiTable();
  const row = (id: string) => table.find((each) => each.id === id)!;
  const account = { account: accountField };
  const chat = { ...account, chat: chatField };
  const list = { ...chat, chat: chatField.optional(), cursor: cursorField };
  return [
    routeTool(row("listChats"), { name: "list_chats", with: { ...account, cursor: cursorField } }, deps),
    routeTool(
      row("getChat"),
      {
        name: "get_chat",
        description: "Show one conversation: its name, whether it is a group, and who is in it.",
        with: chat,
      },
      deps,
    ),
    routeTool(
      row("listMessages"),
      {
        name: "list_messages",
        description:
          "Read messages, in and out, the newest first. With order=oldest the list goes on for ever: its `next` asks for what came since.",
        takes: ["account", "chat", "order", "limit", "cursor"],
        with: list,
        shown: withUris,
      },
      deps,
    ),
    routeTool(
      row("listMessages"),
      {
        name: "search_messages",
        description:
          "Find messages by words in their text, or in who or where they are from, the newest first. `next` goes on where it stopped looking, also where it found nothing yet.",
        takes: ["account", "chat", "words", "limit", "cursor"],
        with: {
          ...list,
          words: z
            .string()
            .min(1)
            .max(200)
            .describe("These words, next to each other; case does not matter."),
        },
        shown: withUris,
      },
      deps,
    ),
    routeTool(row("getMessage"), { name: "get_message", shown: withUris }, deps),
    routeTool(row("explainMessage"), { name: "explain_message" }, deps),
    getAttachment(deps),
    waitForMessage(row("listMessages"), waits, deps.api),
    routeTool(
      row("sendMessage"),
      {
        name: "send_message",
        description:
          "Send a message to a person or a group. It goes by the rules of the gateway: to nobody who said STOP, within its budgets. `state` tells how far it came; a `key` makes it safe to repeat the call.",
        // A model has no bytes to send.
        takes: ["account", "to", "text", "key"],
        with: { ...account, to: chatField, text: z.string().min(1).max(100_000).describe("Markdown.") },
      },
      deps,
    ),
    routeTool(row("getSend"), { name: "get_send" }, deps),
    askTool(row("sendMessage"), waits, deps.api),
    routeTool(row("listPeople"), { name: "list_people", with: account }, deps),
  ];
}

interface WithFiles {
  id: number;
  attachments: object[];
}

/** Each file with the name of its resource. */
function withUris(answer: unknown): unknown {
  const page = answer as { items?: WithFiles[] };
  if (page.items) return { ...page, items: page.items.map(withUris) };
  const { id, attachments, ...rest } = answer as WithFiles;
  return {
    id,
    ...rest,
    attachments: attachments.map((file, number) => ({ ...file, uri: attachmentUri(id, number) })),
  };
}
