import * as z from "zod";
import { acpSettings } from "./acp.js";
import { target } from "./addresses.js";
import {
  about,
  environment,
  headers,
  id,
  onceUsed,
  reviewField,
  secretText,
  text,
  timeZone,
} from "./fields.js";
import { mcpServers } from "./mcp-servers.js";

const url = () => z.url({ protocol: /^https?$/ });

/** How an agent is run (behaviour 6.1). */
const runtime = () =>
  z.discriminatedUnion("type", [
    z
      .strictObject({
        type: z.literal("acp").apply(about, "An Agent Client Protocol agent as a child process."),
        acp: z.strictObject(acpSettings).prefault({}).apply(about, "Settings of its sessions."),
      })
      .apply(about, "An Agent Client Protocol agent over stdio."),
    z
      .strictObject({
        type: z.literal("llm").apply(about, "The built-in agent over a model."),
        model: text()
          .optional()
          .apply(about, "`provider/model`; unset: the agent's `model`, else `agents.defaults.model`."),
        fallbackModels: z
          .array(text())
          .default([])
          .apply(
            about,
            "`provider/model` of those that are asked, in this order, when the model fails for good.",
          ),
        contextMessages: z
          .int()
          .min(1)
          .max(1000)
          .default(60)
          .apply(about, "How many earlier messages of the session the model is given."),
        maxSteps: z.int().min(1).max(100).default(12).apply(about, "Most rounds of tool use in one turn."),
        maxOutputTokens: z
          .int()
          .min(1)
          .optional()
          .apply(about, "Longest answer, in the model's tokens; unset: the model's own limit."),
        mcpServers: mcpServers()
          .default({})
          .apply(
            about,
            "MCP servers whose tools the model gets, by the name that stands before each tool's.",
          ),
      })
      .apply(about, "The built-in agent over a model."),
    z
      .strictObject({
        type: z.literal("command").apply(about, "A program that is run once per turn."),
        command: text().apply(about, "The program; `~` is your home folder. It is started without a shell."),
        args: z.array(z.string()).default([]).apply(about, "Its arguments."),
        env: environment().default({}).apply(about, "Environment variables that are added for it."),
        cwd: text().optional().apply(about, "Its working folder; unset: the agent's `workspace`."),
        output: z
          .enum(["text", "jsonl"])
          .default("text")
          .apply(about, "Whether its output is the answer as text, or one JSON event per line."),
      })
      .apply(about, "A program per turn: the envelope on stdin, the answer on stdout."),
    z
      .strictObject({
        type: z.literal("http").apply(about, "A web service."),
        url: url().apply(about, "Where the envelope is posted."),
        secret: secretText().optional().apply(about, "Key with which requests are signed."),
        headers: headers().default({}).apply(about, "Headers that are added to each request."),
      })
      .apply(about, "A POST of the envelope; the answer is in the response."),
    z
      .strictObject({
        type: z
          .literal("channel")
          .apply(about, "A session that runs already, attached with `tapback channel`."),
        oneSession: z
          .boolean()
          .default(false)
          .apply(
            about,
            "Whether one session may answer several conversations; else each has a session of its own.",
          ),
        waitingAfterMinutes: z
          .int()
          .min(0)
          .max(1440)
          .default(5)
          .apply(
            about,
            "After how many minutes without a session somebody who wrote in a direct chat is told that the message waits; 0 is never.",
          ),
        waitingReply: z
          .string()
          .default("Your message is kept and will be answered later.")
          .apply(about, "What they are told, once; empty is nothing."),
      })
      .apply(about, "A running coding session that attaches itself; messages wait while none is attached."),
    z
      .strictObject({ type: z.literal("demo").apply(about, "The embedded agent.") })
      .apply(about, "An embedded agent that needs no account and no network."),
  ]);

const patterns = () => z.array(text());

/** `groupChat`, of an agent or of `messages`. */
export const groupChat = z.strictObject({
  mentionPatterns: patterns()
    .optional()
    .apply(
      about,
      "Regular expressions (RE2 syntax, upper and lower case alike) that count as a mention in groups; where none are set, an agent's `identity.name` and `identity.emoji` do.",
    ),
});

/** One entry of `agents.list`. */
const agentEntry = () =>
  z.strictObject({
    id: id().apply(
      about,
      "Id of the agent; compared in lower case, with `-` for what is not a letter or digit.",
    ),
    name: text().optional().apply(about, "Name of the agent for people; its id when unset."),
    default: z.boolean().optional().apply(about, "Whether this agent answers where no binding matches."),
    identity: z
      .strictObject({
        name: text().optional().apply(about, "Name under which the agent presents itself."),
        emoji: text().optional().apply(about, "An emoji that stands for the agent."),
        theme: text().optional().apply(about, "One phrase about its manner."),
      })
      .optional()
      .apply(about, "How the agent presents itself."),
    systemPrompt: z.string().optional().apply(about, "Given to the agent on every turn."),
    model: text()
      .optional()
      .apply(about, "`provider/model`, e.g. `anthropic/claude-sonnet-4-5`; unset: `agents.defaults.model`."),
    workspace: text()
      .optional()
      .apply(about, "Folder in which the agent works and from which it may send files."),
    sendTo: z
      .array(target())
      .default([])
      .apply(
        about,
        "Targets to which every turn of this agent may send, whoever asked; it reads nothing there.",
      ),
    runsOn: z
      .enum(["anywhere", "workers"])
      .optional()
      .apply(
        about,
        "Where its turns run: `workers` leaves them to `tapback worker` alone; unset: `anywhere`, the gateway too.",
      ),
    review: reviewField().optional().apply(about, "As the account's `review`, for what this agent writes."),
    groupChat: groupChat.optional().apply(about, "Settings for groups."),
    runtime: onceUsed(runtime)
      .optional()
      .apply(about, "How the agent is run; unset: `llm` when a model is configured, else `demo`."),
  });

/** The top-level block `agents`. */
export const agentsBlock = z
  .strictObject({
    defaults: z
      .strictObject({
        maxConcurrent: z.int().min(1).max(1000).default(8).apply(about, "How many turns may run at once."),
        timeoutSeconds: z
          .int()
          .min(1)
          .max(86_400)
          .default(600)
          .apply(about, "Time limit of one turn, seconds."),
        model: text().optional().apply(about, "`provider/model` for agents that name none."),
        workspace: text()
          .optional()
          .apply(about, "Folder for agents that name none; unset: one per agent in the state folder."),
        userTimezone: timeZone()
          .optional()
          .apply(
            about,
            "Time zone of what people call a time of day, e.g. `Europe/Berlin`, for reminders too; unset: the machine's.",
          ),
      })
      .prefault({})
      .apply(about, "Settings for all agents."),
    list: z
      .array(onceUsed(agentEntry))
      .default([])
      .apply(
        about,
        "The agents; when empty there is one, `main`, with the built-in runtime `llm` if a model is configured, else `demo`.",
      ),
  })
  .prefault({})
  .apply(about, "Who answers.");
