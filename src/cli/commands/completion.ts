import type { Command } from "commander";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson } from "../output.js";

/** What can follow a command: words, with what each is for. */
interface Place {
  /** The command with those above it; empty for the program. */
  path: string;
  words: { word: string; about: string }[];
}

/**
 * `tapback completion`: a script for the shell, which knows every command and its options and starts no program at a Tab.
 * @param program the tree of commands
 * @throws TapbackError `USAGE`
 */
export async function completion(context: Context, shell: string, program: Command): Promise<number> {
  const text = completionScript(shell, program);
  if (context.json) printJson({ shell, script: text });
  else process.stdout.write(text);
  return exitCodes.done;
}

/** @returns the script of a shell @throws TapbackError `USAGE` */
export function completionScript(shell: string, program: Command): string {
  const script = new Map([
    ["bash", bash],
    ["zsh", zsh],
    ["fish", fish],
  ]).get(shell);
  if (script) return script(placesOf(program));
  throw new TapbackError("USAGE", `there is no completion for ${shell}`, {
    hint: "Known are bash, zsh and fish.",
  });
}

function placesOf(command: Command, above: string[] = []): Place[] {
  const words = [
    ...command.commands.map((child) => ({ word: child.name(), about: child.description() })),
    ...command.options
      .filter((option) => !option.hidden && option.long)
      .map((option) => ({ word: option.long!, about: option.description })),
  ];
  const below = command.commands.flatMap((child) => placesOf(child, [...above, child.name()]));
  return [{ path: above.join(" "), words }, ...below];
}

/** A shell function that finds the longest command among the words so far. */
const findPlace = (places: Place[], count: string, array: string) => `  local place="" next i
  for ((i = ${count}; i < last; i++)); do
    next="\${place:+$place }\${${array}[i]}"
    case "$next" in ${places
      .slice(1)
      .map(({ path }) => `"${path}"`)
      .join("|")}) place="$next" ;; esac
  done
`;

const cases = (places: Place[], line: (place: Place) => string) =>
  places.map((place) => `    "${place.path}") ${line(place)} ;;`).join("\n");

function bash(places: Place[]): string {
  return `# bash completion of tapback
_tapback() {
  local last=$COMP_CWORD words=""
${findPlace(places, "1", "COMP_WORDS")}  case "$place" in
${cases(places, ({ words }) => `words="${words.map(({ word }) => word).join(" ")}"`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _tapback tapback
`;
}

function zsh(places: Place[]): string {
  const entry = ({ word, about }: Place["words"][number]) => quoted(`${word}:${about.replaceAll(":", " ")}`);
  return `# zsh completion of tapback
_tapback() {
  local last=$CURRENT
  local -a found
${findPlace(places, "2", "words")}  case "$place" in
${cases(places, ({ words }) => `found=(${words.map(entry).join(" ")})`)}
  esac
  _describe tapback found || _files
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _tapback tapback
`;
}

function fish(places: Place[]): string {
  const commands = places.filter(({ path }) => path !== "");
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, about }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c tapback -n ${quoted(`test (__tapback_path) = "${path}"`)} ${what} -d ${quoted(about)}`;
    }),
  );
  return `# fish completion of tapback
function __tapback_path
  set -l path ""
  for word in (commandline -opc)[2..-1]
    set -l next (string trim "$path $word")
    contains -- "$next" ${commands.map(({ path }) => quoted(path)).join(" ")}; and set path $next
  end
  echo "$path"
end
${lines.join("\n")}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
