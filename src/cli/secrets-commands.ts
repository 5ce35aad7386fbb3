import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** The keys and other variables that every way of starting the gateway finds (behaviour 1.5a). */
export function secretsCommands(program: Command, wrap: Wrap): void {
  const secrets = program
    .command("secrets")
    .description("keys that the gateway and its agents find in their environment");
  const load = async () => import("./commands/secrets.js");
  secrets
    .command("set <name>")
    .description("keep a value, typed unseen or read from standard input")
    .action(wrap(async (context, _options, name) => (await load()).set(context, name!)));
  secrets
    .command("list")
    .description("list the names, without the values")
    .action(wrap(async (context) => (await load()).list(context)));
  secrets
    .command("remove <name>")
    .description("forget one")
    .action(wrap(async (context, _options, name) => (await load()).remove(context, name!)));
}
