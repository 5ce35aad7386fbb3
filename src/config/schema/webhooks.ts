import * as z from "zod";
import { conversation } from "./addresses.js";
import { about, onceUsed, secretText } from "./fields.js";

/** As Standard Webhooks writes a secret: 24 to 64 bytes in base64. */
const signingSecret = () =>
  secretText().regex(
    /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/,
    "a secret is whsec_ and 24 to 64 bytes in base64, e.g. of `openssl rand -base64 32`",
  );

/** What webhooks may be told of; the types of the log of events (behaviour 20.1a). */
const eventTypes = ["message", "decision", "turn", "sent", "draft", "question", "pairing", "health"] as const;

/** The top-level list `webhooks`: web services that are told what happens (behaviour 20.2). */
export const webhooksBlock = z
  .array(
    onceUsed(() =>
      z
        .strictObject({
          url: z
            .url({ protocol: /^https?$/ })
            .apply(about, "Where events are posted as JSON. It names the webhook."),
          secret: signingSecret().apply(about, "Key with which requests are signed, `whsec_…`."),
          formerSecrets: z
            .array(signingSecret())
            .max(3)
            .default([])
            .apply(
              about,
              "Keys with which requests are signed too, while a receiver goes over to the new one.",
            ),
          events: z
            .array(z.enum(eventTypes))
            .min(1)
            .default(["message", "sent"])
            .apply(about, "What it is told of; `message` and `sent` come with their texts."),
          chats: z
            .array(conversation())
            .min(1)
            .optional()
            .apply(
              about,
              "Only what happens in these: `chat_id:…`, `chat_guid:…`, `chat_identifier:…`, or a person.",
            ),
        })
        .apply(about, "A web service that is told what happens."),
    ),
  )
  .max(20)
  .refine(
    (all) => new Set(all.map(({ url }) => url)).size === all.length,
    "each webhook needs a url of its own",
  )
  .default([])
  .apply(about, "Web services that are told what happens, at least once and in order.");
