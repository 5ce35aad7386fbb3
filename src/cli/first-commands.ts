import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback demo` and `tapback init`: what is typed first. */
export function firstCommands(program: Command, wrap: Wrap): void {
  program
    .command("demo")
    .description("chat with the demo agent through the whole gateway, on a simulated Messages")
    .option("--no-browser", "do not open the gateway's console in the browser")
    .option("--script", "play a scripted conversation, print it, exit 0 when every message got its answer")
    .action(wrap(async (context, options) => (await import("./commands/demo.js")).demo(context, options)));
  program
    .command("init")
    .description("set up a first configuration")
    .option("--cli-path <path>", "imsg, or a wrapper script that runs it")
    .option("--db-path <path>", "the Messages database; imsg finds its own when left out")
    .option("--model <provider/model>", "a model that answers, e.g. anthropic/claude-sonnet-4-5")
    .option("--base-url <url>", "where the model is, if not at its provider's own address")
    .option("--key-stdin", "read the model's key from standard input")
    .option("--acp <name>", "an ACP agent that answers, e.g. codex; `tapback agents list` names them")
    .option("--agent <command>", "a program that answers; with none of these: the built-in demo agent")
    .option("--allow <handle...>", "people who may write at once, without pairing")
    .option("--catch-up", "answer also what comes while the gateway is off")
    .option("--shared", "the account is a person's own: the agent keeps quiet where that person writes")
    .option("--no-try", "do not ask the agent for a first answer")
    .option("--start", "let yourself in with one text, and run the gateway")
    .option("--no-start", "do not, and do not ask")
    .option("--yes", "ask nothing, take the defaults")
    .option("--force", "replace a configuration that exists")
    .action(wrap(async (context, options) => (await import("./commands/init.js")).init(context, options)));
}
