import * as z from "zod";
import { listed, member } from "./addresses.js";
import { text } from "./fields.js";

const services = () => z.array(z.enum(["imessage", "sms", "rcs", "unknown"]));

/** The top-level block `commands`. */
export const commandsBlock = z
  .strictObject({
    text: z.boolean().default(true).describe("Whether messages that start with `/` are commands."),
    config: z.boolean().default(false).describe("Whether owners may use `/config` in chat."),
    ownerAllowFrom: z
      .array(listed())
      .default([])
      .describe("Owners: who may use commands that start, stop or reconfigure, and approve senders."),
    ownerServices: services()
      .default(["imessage"])
      .describe("Services over which owner rights count; the sender of an SMS can be forged."),
  })
  .prefault({})
  .describe("Commands typed in a chat.");

/** The top-level block `pairing`. */
export const pairingBlock = z
  .strictObject({
    services: services()
      .default(["imessage", "sms", "rcs", "unknown"])
      .describe("Services over which a pairing code is sent."),
  })
  .prefault({})
  .describe("How unknown senders ask to be let in.");

/** The top-level block `optOut`. */
export const optOutBlock = z
  .strictObject({
    words: z
      .array(text())
      .default([])
      .describe("Further whole messages that stop everything to a person, next to STOP and UNSUBSCRIBE."),
  })
  .prefault({})
  .describe("How a person stops all messages.");

const tools = () => z.array(text());
const perDay = () => z.int().min(1).max(1_000_000_000);

/** The top-level block `accessGroups` (behaviour 18.3). */
export const accessGroupsBlock = z
  .record(
    text(),
    z.strictObject({
      type: z
        .literal("message.senders")
        .optional()
        .describe("What OpenClaw calls such a group; says nothing more here."),
      members: z
        .union([
          z.array(member()),
          z.strictObject({
            imessage: z.array(member()).optional().describe("People on iMessage and SMS."),
            "*": z.array(member()).optional().describe("People on every channel."),
          }),
        ])
        .describe("Phone numbers and e-mail addresses; by channel as OpenClaw writes it, or a list."),
      agentId: text()
        .optional()
        .describe("Agent that answers these people in direct chats, before bindings that name nobody."),
      tools: z
        .strictObject({
          allow: tools()
            .optional()
            .describe("The only tools that an agent has in turns of these people; unset: all."),
          deny: tools().default([]).describe("Tools that an agent does not have in turns of these people."),
        })
        .optional()
        .describe(
          "Tools by name: `message`, `history`, `schedule`, or `server__tool`; a `*` at the end stands for more.",
        ),
      turnsPerDay: perDay()
        .optional()
        .describe("Most turns of each of these people on one day; unset: no limit."),
      tokensPerDay: perDay()
        .optional()
        .describe("Most tokens, read and written, of each of these people on one day; unset: no limit."),
    }),
  )
  .default({})
  .describe('Groups of people by name; `"accessGroup:NAME"` stands for them in every list of people.');
