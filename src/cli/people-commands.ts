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
  const people = program.command("people").description("what is kept of a person");
  const load = async () => import("./commands/people.js");
  people
    .command("show <handle>")
    .description("show how a person is known, and how much is kept of them")
    .action(wrap(async (context, _options, handle) => (await load()).show(context, handle!)));
  people
    .command("export <handle>")
    .description("write everything that is kept of a person, as JSON")
    .action(wrap(async (context, _options, handle) => (await load()).exportPerson(context, handle!)));
  people
    .command("forget <handle>")
    .description("remove what a person wrote, and what was written to them")
    .option("--yes", "do not ask")
    .action(wrap(async (context, options, handle) => (await load()).forget(context, handle!, options)));
}
