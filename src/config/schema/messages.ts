import * as z from "zod";
import { groupChat } from "./agents.js";
import { about, milliseconds } from "./fields.js";

/** The top-level block `messages`. */
export const messagesBlock = z
  .strictObject({
    groupChat: groupChat
      .prefault({})
      .apply(about, "Settings for groups, for agents that have none of their own."),
    responsePrefix: z.string().optional().apply(about, "Put before the first message of each reply."),
    failureReply: z
      .string()
      .default("Sorry, something went wrong. Please try again in a moment.")
      .apply(about, "Sent when a turn fails or times out; empty sends nothing. The cause is never sent."),
    progressReply: z
      .string()
      .default("Still working on it.")
      .apply(
        about,
        "Sent once in a direct chat without a typing bubble, when a turn takes long; empty sends nothing.",
      ),
    progressAfterSeconds: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .default(30)
      .apply(
        about,
        "After so many seconds without a word of a turn `progressReply` is sent; 0 never sends it.",
      ),
    inbound: z
      .strictObject({
        debounceMs: milliseconds()
          .default(0)
          .apply(
            about,
            "Window for merging messages on channels without one of their own, milliseconds; does not narrow iMessage's.",
          ),
        byChannel: z
          .strictObject({
            imessage: milliseconds()
              .optional()
              .apply(about, "Window of `coalesceSameSenderDms`, milliseconds; unset: 2500."),
          })
          .prefault({})
          .apply(about, "The window per channel."),
      })
      .prefault({})
      .apply(about, "How messages in quick succession are merged."),
    queue: z
      .strictObject({
        mode: z
          .enum(["followup", "collect", "interrupt", "steer"])
          .default("followup")
          .apply(
            about,
            "What becomes of messages that arrive during a turn: each its own turn, one turn together, the running turn is cancelled, or what an owner writes joins their running turn where the agent takes it.",
          ),
      })
      .prefault({})
      .apply(about, "The queue of a session."),
  })
  .prefault({})
  .apply(about, "How messages are taken in and answered.");
