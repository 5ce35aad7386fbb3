import * as z from "zod";
import { address } from "./addresses.js";
import { text } from "./fields.js";

const services = () => z.array(z.enum(["imessage", "sms", "rcs", "unknown"]));

/** The top-level block `commands`. */
export const commandsBlock = z
  .strictObject({
    text: z.boolean().default(true).describe("Whether messages that start with `/` are commands."),
    config: z.boolean().default(false).describe("Whether owners may use `/config` in chat."),
    ownerAllowFrom: z
      .array(address())
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
