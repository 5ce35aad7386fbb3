import { type Command, Option } from "commander";
import type { Wrap } from "./wrap.js";

/** The commands about who answers: agents, what they send later, and the tools that they are handed. */
export function agentCommands(program: Command, wrap: Wrap): void {
  const agents = program.command("agents").description("who answers");
  agents
    .command("list")
    .description("list the agents of the configuration and the ACP agents known by name")
    .action(wrap(async (context) => (await import("./commands/agents/list.js")).list(context)));
  agents
    .command("doctor [id]")
    .description("start each agent and reach its model, short of an answer: what is missing is named")
    .action(
      wrap(async (context, _options, id) =>
        (await import("./commands/agents/doctor.js")).doctor(context, id),
      ),
    );
  agents
    .command("try <id> <text>")
    .description("let an agent answer once, without Messages")
    .action(
      wrap(async (context, _options, id, text) =>
        (await import("./commands/agents/try.js")).tryOne(context, id!, text!),
      ),
    );
  const schedule = program.command("schedule").description("what agents send or do later");
  schedule
    .command("list")
    .description("list what waits")
    .option("--account <id>", "only this account")
    .action(
      wrap(async (context, options) => (await import("./commands/schedule.js")).list(context, options)),
    );
  schedule
    .command("cancel <id>")
    .description("take one back")
    .action(
      wrap(async (context, _options, id) => (await import("./commands/schedule.js")).cancel(context, id!)),
    );
  const webhooks = program.command("webhooks").description("web services that are told what happens");
  webhooks
    .command("list")
    .description("list them, and how far each is")
    .action(wrap(async (context) => (await import("./commands/webhooks.js")).list(context)));
  webhooks
    .command("test <webhook>")
    .description("post a signed test event, by the number of the list")
    .action(
      wrap(async (context, _options, which) =>
        (await import("./commands/webhooks.js")).test(context, which!),
      ),
    );
  webhooks
    .command("replay <webhook>")
    .description("tell again what is kept")
    .option("--since <time>", "only from this time on, e.g. 2026-05-01T08:00:00Z")
    .action(
      wrap(async (context, options, which) =>
        (await import("./commands/webhooks.js")).replay(context, which!, options),
      ),
    );
  program
    .command("channel")
    .description(
      "answer a conversation from a coding session that runs: its client starts this as an MCP server",
    )
    .option("--agent <id>", "the agent that the session answers for; where there are several")
    .option("--chat <target>", "the conversation that it answers")
    .option("--account <id>", "its account; unset: the default one")
    .action(
      wrap(async (context, options) => (await import("./commands/channel.js")).channel(context, options)),
    );
  program
    .command("mcp")
    .description("conversations for an agent of another system: its client starts this as an MCP server")
    .option("--owner", "it reaches everything")
    .option("--chats <target...>", "only these chats: chat_id:42, chat_guid:…, a number, an address")
    .option("--token-env <name>", "what a token reaches, whose secret is in this environment variable")
    .option("--account <id>", "only this account; with --chats the default one")
    .option("--scopes <list>", "what it may do, of read, send and people; unset: all three")
    .addOption(new Option("--session <key>", "the session whose tools its own agent is served").hideHelp())
    .addOption(
      new Option(
        "--proof <file>",
        "show what there is without a conversation, and leave this file",
      ).hideHelp(),
    )
    .action(
      wrap(async (context, options) =>
        options.session !== undefined || options.proof !== undefined
          ? (await import("./commands/mcp.js")).mcp(context, options)
          : (await import("./commands/mcp-agent.js")).mcpAgent(context, options),
      ),
    );
}
