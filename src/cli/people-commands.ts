import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback usage` and `tapback people …` (behaviour 18.3). */
export function peopleCommands(program: Command, wrap: Wrap): void {
  program
    .command("usage")
    .description("show how many turns people had, and what they cost")
    .option("--by <what>", "person, agent or day", "person")
    .option("--days <n>", "how far back, today with it", "30")
    .action(wrap(async (context, options) => (await import("./commands/usage.js")).usage(context, options)));
}
