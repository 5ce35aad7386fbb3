import * as z from "zod";
import { environment, headers, text } from "./fields.js";

/** `mcpServers` of the runtime `llm` (behaviour 6.8d); that each has a program or an address is a rule of its own. */
export const mcpServers = () =>
  z.record(
    // Two underscores stand between this name and a tool's.
    z.string().regex(/^[A-Za-z0-9-]{1,32}$/, "letters, digits and `-`, 32 at most"),
    z.strictObject({
      command: text()
        .optional()
        .describe("A program that speaks MCP on its standard input and output; `~` is your home folder."),
      args: z.array(z.string()).optional().describe("Its arguments."),
      env: environment()
        .optional()
        .describe(
          "Environment variables that are added for it; of the gateway's it gets `PATH`, `HOME` and the like, no keys.",
        ),
      cwd: text().optional().describe("Its working folder; unset: the agent's `workspace`."),
      url: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe("Instead of a program: the address of a server (Streamable HTTP)."),
      headers: headers().optional().describe("Headers that are added to each request."),
      offerTo: z
        .enum(["owners", "everyone"])
        .default("owners")
        .describe("Whose turns may use its tools: those of owners, or everyone's who may talk to the agent."),
    }),
  );
