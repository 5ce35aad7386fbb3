import * as z from "zod";
import { about, environment, text } from "./fields.js";

/** Settings of an ACP session; each is taken from the binding, then from the agent's runtime, then from `acp` (behaviour 6.4). */
export const acpSettings = {
  agent: text()
    .optional()
    .apply(about, "Name of the ACP agent, e.g. `codex`, `claude`, `gemini`, `opencode`."),
  backend: z
    .enum(["acpx", "direct"])
    .optional()
    .apply(about, "Accepted for compatibility; both start the agent directly."),
  mode: z
    .enum(["persistent", "oneshot"])
    .optional()
    .apply(
      about,
      "Whether one session lives on between turns (`persistent`, the default) or each turn has its own.",
    ),
  cwd: text().optional().apply(about, "Working folder of the session; `~` is your home folder."),
  command: text().optional().apply(about, "Program that starts the agent; wins over the name."),
  args: z.array(z.string()).optional().apply(about, "Arguments of `command`."),
  env: environment().optional().apply(about, "Environment variables that are added for the agent."),
  model: text()
    .optional()
    .apply(about, "Model that is chosen in each session, by id or name, where the agent offers it."),
  sessionMode: text()
    .optional()
    .apply(
      about,
      "Mode that is chosen in each session, e.g. `plan`, by id or name, where the agent offers it.",
    ),
  files: z
    .enum(["none", "read", "write"])
    .optional()
    .apply(about, "Whether the agent may use the gateway's file methods, inside `cwd`; unset: `none`."),
  terminal: z
    .boolean()
    .optional()
    .apply(about, "Whether the agent may use the gateway's terminal methods, inside `cwd`; unset: false."),
};

/** The top-level block `acp`. */
export const acpBlock = z
  .strictObject({
    ...acpSettings,
    allowedAgents: z
      .array(text())
      .optional()
      .apply(about, "Names that `/acp spawn` may start; unset: every known or configured name."),
    permissionTimeoutSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .apply(about, "After this an unanswered permission request counts as denied, seconds."),
    idleSeconds: z
      .int()
      .min(1)
      .max(86_400)
      .default(600)
      .apply(
        about,
        "After this an agent's process without a turn is closed, seconds; its session is taken up again.",
      ),
    maxProcesses: z.int().min(1).max(1000).default(8).apply(about, "Most processes of one agent at a time."),
  })
  .prefault({})
  .apply(about, "Defaults for agents that speak the Agent Client Protocol.");
