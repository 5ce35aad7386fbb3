import * as z from "zod";
import { secretText, text } from "./fields.js";

/** The top-level list `alerts`: ways to its owner that do not lead through Messages (behaviour 18.5). */
export const alertsBlock = z
  .array(
    z.discriminatedUnion("type", [
      z
        .strictObject({
          type: z.literal("command").describe("A program that is run once per alert."),
          command: text().describe("The program; `~` is your home folder. It is started without a shell."),
          args: z.array(z.string()).default([]).describe("Its arguments."),
        })
        .describe(
          "A program that gets the alert as a line of JSON on stdin, and its text in TAPBACK_ALERT_TEXT.",
        ),
      z
        .strictObject({
          type: z.literal("webhook").describe("A web service."),
          url: z.url({ protocol: /^https?$/ }).describe("Where the alert is posted as JSON."),
          secret: secretText().optional().describe("Key with which requests are signed."),
        })
        .describe("A POST of the alert."),
    ]),
  )
  .max(10)
  .default([])
  .describe(
    "Who is told, on other ways than Messages, that messages do not come in or go out, and when that is over.",
  );
