import * as z from "zod";
import { type AnyRoute, route, time } from "../../api/serving/index.js";
import type { ConsoleDeps } from "../deps.js";

export const logLine = z
  .object({
    id: z.int().describe("Rises from line to line, and begins anew with the gateway."),
    at: time(),
    level: z.enum(["debug", "info", "warn", "error"]),
    text: z.string(),
  })
  .meta({ id: "LogLine" });

/** The gateway's log from when the console is on, without secrets and texts as everywhere (behaviour 1.2); no file is named or read. */
export function logRoutes({ log }: ConsoleDeps): AnyRoute[] {
  return [
    route({
      id: "readLog",
      method: "get",
      path: "/v1/log",
      scope: "admin",
      summary: "Show the newest lines of the gateway's log, oldest first.",
      parameters: {
        query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(200) }),
      },
      result: z.object({ items: z.array(logLine) }),
      async handle({ query }) {
        const lines = log.newest(query.limit);
        return { items: lines.map((line) => ({ ...line, at: new Date(line.at).toISOString() })) };
      },
    }),
  ];
}
