import * as z from "zod";
import { about, environment, headers, text } from "./fields.js";

/** `mcpServers` of the runtime `llm` (behaviour 6.8d); that each has a program or an address is a rule of its own. */
export const mcpServers = () =>
  z.record(
    // Two underscores stand between this name and a tool's.
    z.string().regex(/^[A-Za-z0-9-]{1,32}$/, "letters, digits and `-`, 32 at most"),
    z.strictObject({
      command: text()
        .optional()
        .apply(about, "A program that speaks MCP on its standard input and output; `~` is your home folder."),
      args: z.array(z.string()).optional().apply(about, "Its arguments."),
      env: environment()
        .optional()
        .apply(
          about,
          "Environment variables that are added for it; of the gateway's it gets `PATH`, `HOME` and the like, no keys.",
        ),
      cwd: text().optional().apply(about, "Its working folder; unset: the agent's `workspace`."),
      url: z
        .url({ protocol: /^https?$/ })
        .optional()
        .apply(about, "Instead of a program: the address of a server (Streamable HTTP)."),
      headers: headers().optional().apply(about, "Headers that are added to each request."),
      offerTo: z
        .enum(["owners", "everyone"])
        .default("owners")
        .apply(
          about,
          "Whose turns may use its tools: those of owners, or everyone's who may talk to the agent.",
        ),
    }),
  );
