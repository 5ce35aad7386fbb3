import { UsageError } from "../argv.js";
import type { Command } from "../command.js";

/** @param names of the commands, given so that this file does not import the list that it is in */
export function completionsCommand(names: () => string[]): Command {
  return {
    kind: "imsg",
    withoutDatabase: true,
    summary: "Print a completion script",
    options: [{ name: "shell", value: "shell", help: "bash, zsh, fish or llm" }],
    words: (args) => args.flatMap((arg) => (arg.startsWith("-") ? arg : ["--shell", arg])),
    examples: ["imsg completions bash"],
    run: ({ given, write }) => {
      const words = [...new Set(names().map((name) => name.split(" ")[0]))].join(" ");
      const scripts: Record<string, string> = {
        bash: `complete -W "${words}" imsg imsg-sim`,
        zsh: `#compdef imsg imsg-sim\n_arguments "1:command:(${words})"`,
        fish: `complete -c imsg -f -a "${words}"\ncomplete -c imsg-sim -f -a "${words}"`,
        llm: `imsg is a command line for Messages. Commands: ${words}. Each has --help and --json.`,
      };
      const script = scripts[given.text("shell") ?? "bash"];
      if (script === undefined) throw new UsageError("Invalid value for option: --shell");
      write(`${script}\n`);
    },
  };
}
