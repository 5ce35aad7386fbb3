import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback token …`: what programs may do over the API (behaviour 20.1). */
export function tokenCommands(program: Command, wrap: Wrap): void {
  const token = program.command("token").description("programs that may use the API");
  const load = async () => import("./commands/token.js");
  token
    .command("add <name>")
    .description("make a token; its secret is shown this once")
    .requiredOption("--scopes <list>", "what it is good for, of read, send, people and admin: read,send")
    .option("--chats <target...>", "only these chats: chat_id:42, chat_guid:…, a number, an address")
    .option("--account <id>", "only this account; with --chats the default one")
    .option("--expires <when>", "a day (2027-01-31), or a time from now (30d, 12h)")
    .option("--per-minute <n>", "most requests in a minute", "600")
    .action(wrap(async (context, options, name) => (await load()).add(context, options, name!)));
  token
    .command("list")
    .description("list the tokens, without their secrets")
    .action(wrap(async (context) => (await load()).listTokens(context)));
  token
    .command("revoke <name>")
    .description("take a token back; it is good for nothing from then on")
    .action(wrap(async (context, _options, name) => (await load()).revoke(context, name!)));
}
