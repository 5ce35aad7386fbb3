import { plainCommands, type ShellWord } from "./shell-words.js";
import { type SshCommand, sshCommand } from "./ssh-command.js";

/** Longer files are programs, not wrapper scripts. */
export const longestWrapper = 64 * 1024;

/** Commands before the last that cannot change where ssh leads. */
const harmless = new Set(["set", "export", "unset", "umask", ":"]);

/**
 * Names the Mac that a wrapper script leads to (behaviour 7.4): one whose last command is
 * `[exec] ssh [options] [user@]host [path/]imsg "$@"`, with nothing before it but settings.
 * @param text the script
 * @returns `host` or `user@host`; undefined when anything about it is unclear
 */
export function detectRemoteHost(text: string): string | undefined {
  return readWrapper(text, "")?.host;
}

/**
 * As {@link detectRemoteHost}, with what the connection needs beside the host: port, key, jump host.
 * @param home folder that `~/` and `$HOME/` stand for
 */
export function readWrapper(text: string, home: string): SshCommand | undefined {
  if (text.length > longestWrapper || text.includes("\0") || !isForShell(text)) return undefined;
  const commands = plainCommands(text);
  const last = commands?.pop();
  if (commands === undefined || last === undefined || !commands.every(isHarmless)) return undefined;
  const words = last[0]?.text === "exec" && !last[0].isUnclear ? last.slice(1) : last;
  const [program, ...rest] = words;
  if (program === undefined || program.isUnclear || program.isArguments) return undefined;
  return /^(\/.*\/)?ssh$/.test(program.text) && !program.home ? sshCommand(rest, home) : undefined;
}

/** A script without a first line of its own is run by the shell. */
function isForShell(text: string): boolean {
  if (!text.startsWith("#!")) return true;
  const [line = ""] = text.split("\n", 1);
  return /^#!\s*(\S*\/env\s+(-\S+\s+)*)?(\S*\/)?(ba|z|da|k|mk|a)?sh(\s+-[a-z]+)*\s*$/.test(line);
}

function isHarmless(words: ShellWord[]): boolean {
  const [first, ...rest] = words;
  if (first === undefined) return true;
  const isAssignment = ({ text }: ShellWord) => /^[A-Za-z_][A-Za-z0-9_]*=/.test(text) && !/^HOME=/.test(text);
  if (words.every(isAssignment)) return true;
  if (first.isUnclear || first.isArguments || !harmless.has(first.text)) return false;
  const given = rest.map(({ text }) => text).join(" ");
  // `set x` would change the arguments that are handed on.
  if (first.text === "set") return /^([-+][a-zA-Z]*o [a-z]+ |[-+][a-zA-Z]+ )+$/.test(`${given} `);
  return !/(^| )HOME\b/.test(given);
}
