/** One word of a shell script, as far as it can be told without running it. */
export interface ShellWord {
  /** The word without its quotes; a home folder at its beginning is written `~/`. */
  text: string;
  /** Begins with the user's home folder: an unquoted `~/`, or `$HOME/`. */
  home: boolean;
  /** All arguments of the script: `"$@"` or `$@`. */
  isArguments: boolean;
  /** Holds a variable, a pattern, or something else that only a shell can tell. */
  isUnclear: boolean;
}

/** What ends a word or joins commands; where one stands outside quotes, more than plain commands is going on. */
const operators = new Set([..."();&|<>`{}"]);
const patterns = new Set([..."*?[]!"]);

/**
 * Reads a script that consists of plain commands, one per line: words, quotes, comments and continued lines.
 * @returns the words of each command; undefined when the script holds anything else
 */
export function plainCommands(script: string): ShellWord[][] | undefined {
  const commands: ShellWord[][] = [];
  let words: ShellWord[] = [];
  let word: ShellWord | undefined;
  let at = 0;
  const add = (text: string) => {
    word ??= { text: "", home: false, isArguments: false, isUnclear: false };
    word.text += text;
    return word;
  };
  const endWord = () => {
    if (word) words.push(word);
    word = undefined;
  };
  const endLine = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  while (at < script.length) {
    const char = script[at]!;
    if (char === "\\") {
      const next = script[at + 1];
      if (next === undefined) return undefined;
      // A continued line vanishes with its line feed.
      if (next !== "\n") add(next);
      at += 2;
    } else if (char === "\n") {
      endLine();
      at += 1;
    } else if (char === " " || char === "\t") {
      endWord();
      at += 1;
    } else if (char === "#" && word === undefined) {
      const end = script.indexOf("\n", at);
      at = end === -1 ? script.length : end;
    } else if (char === "'") {
      const end = script.indexOf("'", at + 1);
      if (end === -1) return undefined;
      add(script.slice(at + 1, end));
      at = end + 1;
    } else if (char === '"') {
      const end = doubleQuoted(script, at + 1, add);
      if (end === undefined) return undefined;
      at = end;
    } else if (char === "$") {
      const end = variable(script, at, add);
      if (end === undefined) return undefined;
      at = end;
    } else if (operators.has(char)) return undefined;
    else {
      if (char === "~" && word === undefined) {
        if (script[at + 1] === "/") add("").home = true;
        else add("").isUnclear = true;
      } else if (patterns.has(char)) add("").isUnclear = true;
      // What follows a word's `"$@"` would be joined to an argument.
      const current = add(char);
      if (current.isArguments) current.isUnclear = true;
      at += 1;
    }
  }
  endLine();
  return commands;
}

type Add = (text: string) => ShellWord;

/** @returns the place after the closing quote; undefined when there is none, or a command stands inside */
function doubleQuoted(script: string, from: number, add: Add): number | undefined {
  let at = from;
  add("");
  while (at < script.length) {
    const char = script[at]!;
    if (char === '"') return at + 1;
    if (char === "`") return undefined;
    if (char === "\\") {
      const next = script[at + 1] ?? "";
      // Inside double quotes a backslash quotes these alone.
      if (next !== "\n") add('$`"\\'.includes(next) ? next : `\\${next}`);
      at += 2;
    } else if (char === "$") {
      const end = variable(script, at, add);
      if (end === undefined) return undefined;
      at = end;
    } else {
      const word = add(char);
      if (word.isArguments) word.isUnclear = true;
      at += 1;
    }
  }
  return undefined;
}

/** Reads what begins with `$`. @returns the place after it; undefined for a command or a sum */
function variable(script: string, at: number, add: Add): number | undefined {
  const [whole, name, bare] =
    /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*|@)\}|([A-Za-z_][A-Za-z0-9_]*|[@*#?$!0-9-]))/.exec(
      script.slice(at, at + 100),
    ) ?? [];
  if (whole === undefined) return undefined;
  const word = add("");
  const isFirst = word.text === "";
  const meant = name ?? bare;
  if (meant === "@" && isFirst && !word.isArguments) word.isArguments = true;
  else if (meant === "HOME" && isFirst && script[at + whole.length] === "/") {
    word.home = true;
    word.text = "~";
  } else word.isUnclear = true;
  return at + whole.length;
}
