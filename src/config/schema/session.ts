import * as z from "zod";
import { person } from "./addresses.js";
import { about, text } from "./fields.js";

/** The top-level block `session`. */
export const sessionBlock = z
  .strictObject({
    dmScope: z
      .enum(["main", "per-peer", "per-channel-peer", "per-account-channel-peer"])
      .default("main")
      .apply(about, "Whether direct chats share the agent's main session or each person has one."),
    identityLinks: z
      .record(text(), z.array(person()))
      .default({})
      .apply(about, "One person's several handles by name, so that they share one session."),
  })
  .prefault({})
  .apply(about, "What an agent remembers together.");
