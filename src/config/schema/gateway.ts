import * as z from "zod";
import { about, milliseconds, text } from "./fields.js";

/** The top-level block `gateway`. */
export const gatewayBlock = z
  .strictObject({
    shutdownGraceMs: milliseconds()
      .default(10_000)
      .apply(about, "How long running turns may finish when the gateway is stopped, milliseconds."),
    retentionDays: z
      .number()
      .min(0)
      .max(36_500)
      .default(30)
      .apply(about, "How long message bodies are kept, days; after that only the decisions are."),
    keepAwake: z
      .boolean()
      .default(false)
      .apply(
        about,
        "Keeps the Mac that it runs on from sleeping while nobody uses it (`caffeinate -i`). Does nothing elsewhere, and nothing against a closed lid.",
      ),
    api: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .apply(about, "Whether programs reach the gateway over HTTP, with a token."),
        host: text()
          .default("127.0.0.1")
          .apply(about, "Address it listens on; others than this machine's reach it unencrypted."),
        port: z.int().min(0).max(65_535).default(0).apply(about, "Port it listens on; 0 takes any free one."),
      })
      .prefault({})
      .apply(about, "The HTTP API for programs (`tapback token`)."),
    console: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .apply(about, "Whether the gateway serves its console for browsers (`tapback console`)."),
        host: text()
          .default("127.0.0.1")
          .apply(about, "Address it listens on; others than this machine's reach it unencrypted."),
        port: z.int().min(0).max(65_535).default(0).apply(about, "Port it listens on; 0 takes any free one."),
      })
      .prefault({})
      .apply(
        about,
        "The console in the browser. Shares its port with the API where both name the same host and port.",
      ),
  })
  .prefault({})
  .apply(about, "The gateway process.");

/** The top-level block `logging`. */
export const loggingBlock = z
  .strictObject({
    level: z
      .enum(["trace", "debug", "info", "warn", "error"])
      .default("info")
      .apply(about, "The least important lines that are logged."),
    format: z
      .enum(["text", "json"])
      .default("text")
      .apply(about, "Lines for people, or JSON lines for programs."),
    file: text().optional().apply(about, "File that gets the log too; `~` is your home folder."),
  })
  .prefault({})
  .apply(about, "The log on stderr.");
