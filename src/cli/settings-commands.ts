import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback config …`. */
export function configCommands(program: Command, wrap: Wrap): void {
  const config = program.command("config").description("the configuration file");
  const load = async () => import("./commands/config.js");
  config
    .command("validate")
    .description("check the file and tell every problem")
    .action(wrap(async (context) => (await load()).validate(context)));
  config
    .command("get [path]")
    .description("print a value, secrets masked")
    .option("--account <id>", "as it holds for this account")
    .option("--effective", "with defaults, and where each value comes from")
    .action(wrap(async (context, options, path) => (await load()).get(context, options, path)));
  config
    .command("path")
    .description("print where the file is")
    .action(wrap(async (context) => (await load()).path(context)));
  config
    .command("schema")
    .description("print the JSON Schema of the file")
    .action(wrap(async () => (await load()).schema()));
  config
    .command("set <path> <value>")
    .description("change a value in place; refuses what would be invalid")
    .action(wrap(async (context, _options, path, value) => (await load()).set(context, path!, value!)));
  config
    .command("unset <path>")
    .description("remove a value")
    .action(wrap(async (context, _options, path) => (await load()).unset(context, path!)));
  config
    .command("edit")
    .description("open the file in $EDITOR; what is not valid stays a draft")
    .action(wrap(async (context) => (await import("./commands/config-edit.js")).edit(context)));
}
