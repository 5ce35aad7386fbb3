import * as z from "zod";
import { listed, member } from "./addresses.js";
import { about, text } from "./fields.js";

const services = () => z.array(z.enum(["imessage", "sms", "rcs", "unknown"]));

/** The top-level block `commands`. */
export const commandsBlock = z
  .strictObject({
    text: z.boolean().default(true).apply(about, "Whether messages that start with `/` are commands."),
    config: z.boolean().default(false).apply(about, "Whether owners may use `/config` in chat."),
    ownerAllowFrom: z
      .array(listed())
      .optional()
      .apply(
        about,
        "Owners: who may use commands that start, stop or reconfigure, and approve senders. Unset: the one sender whom `allowFrom` names; `[]`: nobody.",
      ),
    ownerServices: services()
      .default(["imessage"])
      .apply(about, "Services over which owner rights count; the sender of an SMS can be forged."),
  })
  .prefault({})
  .apply(about, "Commands typed in a chat.");

/** The top-level block `pairing`. */
export const pairingBlock = z
  .strictObject({
    services: services()
      .default(["imessage", "sms", "rcs", "unknown"])
      .apply(about, "Services over which a pairing code is sent."),
  })
  .prefault({})
  .apply(about, "How unknown senders ask to be let in.");

/** The top-level block `optOut`. */
export const optOutBlock = z
  .strictObject({
    words: z
      .array(text().refine((word) => word.trim() !== "", "a word that people write, not spaces alone"))
      .default([])
      .apply(about, "Further whole messages that stop everything to a person, next to STOP and UNSUBSCRIBE."),
  })
  .prefault({})
  .apply(about, "How a person stops all messages.");

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
        .apply(about, "What OpenClaw calls such a group; says nothing more here."),
      members: z
        .union([
          z.array(member()),
          z.strictObject({
            imessage: z.array(member()).optional().apply(about, "People on iMessage and SMS."),
            "*": z.array(member()).optional().apply(about, "People on every channel."),
          }),
        ])
        .apply(about, "Phone numbers and e-mail addresses; by channel as OpenClaw writes it, or a list."),
      agentId: text()
        .optional()
        .apply(about, "Agent that answers these people in direct chats, before bindings that name nobody."),
      tools: z
        .strictObject({
          allow: tools()
            .optional()
            .apply(about, "The only tools that an agent has in turns of these people; unset: all."),
          deny: tools()
            .default([])
            .apply(about, "Tools that an agent does not have in turns of these people."),
        })
        .optional()
        .apply(
          about,
          "Tools by name: `message`, `history`, `schedule`, or `server__tool`; a `*` at the end stands for more.",
        ),
      turnsPerDay: perDay()
        .optional()
        .apply(about, "Most turns of each of these people on one day; unset: no limit."),
      tokensPerDay: perDay()
        .optional()
        .apply(about, "Most tokens, read and written, of each of these people on one day; unset: no limit."),
    }),
  )
  .default({})
  .apply(about, 'Groups of people by name; `"accessGroup:NAME"` stands for them in every list of people.');
