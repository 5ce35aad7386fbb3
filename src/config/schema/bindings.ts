import * as z from "zod";
import { acpSettings } from "./acp.js";
import { about, onceUsed, text } from "./fields.js";

/** One entry of `bindings`: which agent answers whom (behaviour 5.2, 6.4). */
const binding = () =>
  z.strictObject({
    type: z
      .enum(["route", "acp"])
      .default("route")
      .apply(
        about,
        "`route` sends matching messages to the agent; `acp` binds the conversation to an ACP session of it.",
      ),
    agentId: text().apply(about, "The agent that answers."),
    comment: z.string().optional().apply(about, "For you; not used."),
    match: z
      .strictObject({
        channel: z.literal("imessage").default("imessage").apply(about, "The channel; there is one."),
        accountId: text()
          .optional()
          .apply(about, 'Account that the message came in on, `"*"` for any; unset: the default account.'),
        peer: z
          .strictObject({
            kind: z
              .enum(["direct", "dm", "group"])
              .apply(about, "Direct chats (`dm` is the same) or groups."),
            id: text().apply(
              about,
              'A handle, `chat_id:`, `chat_guid:` or `chat_identifier:` target, or `"*"` for all of the kind.',
            ),
          })
          .optional()
          .apply(about, "The person or group; unset: all."),
      })
      .apply(about, "Which messages are meant; the most specific match wins, the first of equals."),
    acp: z
      .strictObject({
        label: text().optional().apply(about, "Name of the session for people."),
        ...acpSettings,
      })
      .optional()
      .apply(about, 'Settings of the session, for `type: "acp"` only.'),
  });

/** The top-level list `bindings`. */
export const bindingsBlock = z.array(onceUsed(binding)).default([]).apply(about, "Which agent answers whom.");
