import * as z from "zod";
import { acpSettings } from "./acp.js";
import { text } from "./fields.js";

/** One entry of `bindings`: which agent answers whom (behaviour 5.2, 6.4). */
const binding = z.strictObject({
  type: z
    .enum(["route", "acp"])
    .default("route")
    .describe(
      "`route` sends matching messages to the agent; `acp` binds the conversation to an ACP session of it.",
    ),
  agentId: text().describe("The agent that answers."),
  comment: z.string().optional().describe("For you; not used."),
  match: z
    .strictObject({
      channel: z.literal("imessage").default("imessage").describe("The channel; there is one."),
      accountId: text()
        .optional()
        .describe('Account that the message came in on, `"*"` for any; unset: the default account.'),
      peer: z
        .strictObject({
          kind: z.enum(["direct", "dm", "group"]).describe("Direct chats (`dm` is the same) or groups."),
          id: text().describe(
            'A handle, `chat_id:`, `chat_guid:` or `chat_identifier:` target, or `"*"` for all of the kind.',
          ),
        })
        .optional()
        .describe("The person or group; unset: all."),
    })
    .describe("Which messages are meant; the most specific match wins, the first of equals."),
  acp: z
    .strictObject({ label: text().optional().describe("Name of the session for people."), ...acpSettings })
    .optional()
    .describe('Settings of the session, for `type: "acp"` only.'),
});

/** The top-level list `bindings`. */
export const bindingsBlock = z.array(binding).default([]).describe("Which agent answers whom.");
