import { UsageError } from "../argv.js";
import type { Command } from "../command.js";

/** @param names of the commands, given so that this file does not import the list that it is in */
export function completionsCommand(names: () => string[]): Command {
  return {
    kind: "imsg",
    summary: "Print a completion script",
    options: [{ name: "shell", value: "shell", help: "bash" }],
    words: (args) => args.map((arg) => (arg.startsWith("-") ? arg : `--shell=${arg}`)),
    examples: ["imsg completions bash"],
    run: ({ given, write }) => {
      if ((given.text("shell") ?? "bash") !== "bash")
        throw new UsageError("Invalid value for option: --shell");
      const words = [...new Set(names().map((name) => name.split(" ")[0]))].join(" ");
      write(`complete -W "${words}" imsg imsg-sim\n`);
    },
  };
}
