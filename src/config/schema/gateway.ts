import * as z from "zod";
import { milliseconds, text } from "./fields.js";

/** The top-level block `gateway`. */
export const gatewayBlock = z
  .strictObject({
    shutdownGraceMs: milliseconds()
      .default(10_000)
      .describe("How long running turns may finish when the gateway is stopped, milliseconds."),
    retentionDays: z
      .number()
      .min(0)
      .max(36_500)
      .default(30)
      .describe("How long message bodies are kept, days; after that only the decisions are."),
    keepAwake: z
      .boolean()
      .default(false)
      .describe(
        "Keeps the Mac that it runs on from sleeping while nobody uses it (`caffeinate -i`). Does nothing elsewhere, and nothing against a closed lid.",
      ),
    api: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .describe("Whether programs reach the gateway over HTTP, with a token."),
        host: text()
          .default("127.0.0.1")
          .describe("Address it listens on; others than this machine's reach it unencrypted."),
        port: z.int().min(0).max(65_535).default(0).describe("Port it listens on; 0 takes any free one."),
      })
      .prefault({})
      .describe("The HTTP API for programs (`tapback token`)."),
    console: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .describe("Whether the gateway serves its console for browsers (`tapback console`)."),
        host: text()
          .default("127.0.0.1")
          .describe("Address it listens on; others than this machine's reach it unencrypted."),
        port: z.int().min(0).max(65_535).default(0).describe("Port it listens on; 0 takes any free one."),
      })
      .prefault({})
      .describe(
        "The console in the browser. Shares its port with the API where both name the same host and port.",
      ),
  })
  .prefault({})
  .describe("The gateway process.");

/** The top-level block `logging`. */
export const loggingBlock = z
  .strictObject({
    level: z
      .enum(["trace", "debug", "info", "warn", "error"])
      .default("info")
      .describe("The least important lines that are logged."),
    format: z
      .enum(["text", "json"])
      .default("text")
      .describe("Lines for people, or JSON lines for programs."),
    file: text().optional().describe("File that gets the log too; `~` is your home folder."),
  })
  .prefault({})
  .describe("The log on stderr.");
