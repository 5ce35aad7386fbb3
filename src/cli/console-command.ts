import type { Command } from "commander";
import type { Wrap } from "./wrap.js";

/** `tapback console` (behaviour 19.1). */
export function consoleCommand(program: Command, wrap: Wrap): void {
  program
    .command("console")
    .description("open the running gateway's console in the browser")
    .option("--no-browser", "only print the address; it works once, within ten minutes")
    .action(
      wrap(async (context, options) => (await import("./commands/console.js")).openConsole(context, options)),
    );
}
