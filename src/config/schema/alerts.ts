import * as z from "zod";
import { about, onceUsed, secretText, text } from "./fields.js";

/** The top-level list `alerts`: ways to its owner that do not lead through Messages (behaviour 18.5). */
export const alertsBlock = z
  .array(
    onceUsed(() =>
      z.discriminatedUnion("type", [
        z
          .strictObject({
            type: z.literal("command").apply(about, "A program that is run once per alert."),
            command: text().apply(
              about,
              "The program; `~` is your home folder. It is started without a shell.",
            ),
            args: z.array(z.string()).default([]).apply(about, "Its arguments."),
          })
          .apply(
            about,
            "A program that gets the alert as a line of JSON on stdin, and its text in TAPBACK_ALERT_TEXT.",
          ),
        z
          .strictObject({
            type: z.literal("webhook").apply(about, "A web service."),
            url: z.url({ protocol: /^https?$/ }).apply(about, "Where the alert is posted as JSON."),
            secret: secretText().optional().apply(about, "Key with which requests are signed."),
          })
          .apply(about, "A POST of the alert."),
      ]),
    ),
  )
  .max(10)
  .default([])
  .apply(
    about,
    "Who is told, on other ways than Messages, that messages do not come in or go out, and when that is over.",
  );
