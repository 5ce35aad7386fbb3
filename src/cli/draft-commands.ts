import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback drafts …` (behaviour 18.1). */
export function draftCommands(program: Command, wrap: Wrap): void {
  const drafts = program.command("drafts").description("what waits for an owner's yes before it is sent");
  const load = async () => import("./commands/drafts.js");
  const deciding = async () => import("./commands/drafts-decide.js");
  drafts
    .command("list")
    .description("list the drafts that wait")
    .option("--all", "those that were sent or dropped too")
    .option("--account <id>", "only this account")
    .option("--limit <n>", "how many", "50")
    .action(wrap(async (context, options) => (await load()).list(context, options)));
  drafts
    .command("show <id>")
    .description("show all that a draft would send and do, and what became of it")
    .action(wrap(async (context, _options, id) => (await load()).show(context, id!)));
  drafts
    .command("send <id>")
    .description("say yes to a draft")
    .option("--message <text>", "these words in the place of its own")
    .action(wrap(async (context, options, id) => (await deciding()).send(context, options, id!)));
  drafts
    .command("edit <id>")
    .description("give a draft better words; it goes on waiting")
    .requiredOption("--message <text>", "the words")
    .action(wrap(async (context, options, id) => (await deciding()).edit(context, options, id!)));
  drafts
    .command("drop <id>")
    .description("say no to a draft")
    .action(wrap(async (context, _options, id) => (await deciding()).drop(context, id!)));
  drafts
    .command("export")
    .description("write what was asked, drafted and sent, a JSON line each")
    .option("--account <id>", "only this account")
    .option("--limit <n>", "how many, the newest", "1000")
    .action(wrap(async (context, options) => (await load()).exportDrafts(context, options)));
}
