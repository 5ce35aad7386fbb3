import * as z from "zod";
import type { ApiDeps } from "../../api/index.js";
import { type AnyRoute, cursorAt, messagesIn, perform } from "../../api/serving/index.js";
import type { Agent } from "../agent.js";
import type { Waits } from "../waits.js";
import { accountField, chatField, timeoutField } from "./fields.js";
import { type AgentTool, dataOf } from "./tool.js";

/** Messages of one look. */
const pageSize = 50;

interface Page {
  items: { fromMe: boolean }[];
  next: string | null;
}

/**
 * Waits for what people write next.
 * @param list the request that lists messages: what is waited for is what it would show
 */
export function waitForMessage(list: AnyRoute, waits: Waits, api: ApiDeps): AgentTool {
  return {
    name: "wait_for_message",
    description:
      "Wait until people write, in one conversation or in any. Without a cursor it waits for what is written from now on; with the `next` of an earlier answer (of this tool, or of list_messages with order=oldest) for what came since, so that nothing is missed. Messages of the account itself are left out. No messages: nobody wrote in time; wait again with `next`.",
    scopes: ["read"],
    isReading: true,
    input: z.strictObject({
      account: accountField,
      chat: chatField.optional(),
      cursor: z.string().max(200).optional().describe("Where to go on."),
      timeoutSeconds: timeoutField,
    }),
    call: async (input, agent, signal) => {
      const { timeoutSeconds, cursor, ...where } = input as {
        timeoutSeconds: number;
        cursor?: string;
        chat?: string;
        account?: string;
      };
      let from = cursor ?? cursorAt("oldest", await newestId(where, agent, api));
      const found = await waits.until(
        agent,
        async () => {
          for (;;) {
            const query = { ...where, order: "oldest", limit: pageSize, cursor: from };
            const given = { path: {}, query, headers: {}, body: () => ({}) };
            const page = (await perform(list, given, agent, api)) as Page;
            const items = page.items.filter(({ fromMe }) => !fromMe);
            if (items.length > 0) return { items, next: page.next };
            if (page.next === null || page.next === from) return undefined;
            // Of so much nothing is reached, or the account itself wrote it.
            from = page.next;
          }
        },
        timeoutSeconds * 1000,
        signal,
      );
      return dataOf(found ?? { items: [], next: from });
    },
  };
}

/** Of what the agent reaches: numbers of other chats say that somebody wrote there. */
async function newestId(
  where: { chat?: string; account?: string },
  { reach }: Agent,
  api: ApiDeps,
): Promise<number> {
  const list = await messagesIn(where, reach, api);
  return (await list.read({ limit: pageSize, own: true })).find(list.has)?.id ?? 0;
}
