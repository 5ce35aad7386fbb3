import { expect, it } from "vitest";
import { plainCommands } from "./shell-words.js";

/** Marks of a word: `~` home, `@` all arguments, `?` unclear. */
const read = (script: string) =>
  plainCommands(script)?.map((words) =>
    words.map(
      ({ text, home, isArguments, isUnclear }) =>
        `${home ? "~" : ""}${isArguments ? "@" : ""}${isUnclear ? "?" : ""}:${text}`,
    ),
  );

it.each<[string, string[][] | undefined]>([
  ["a b\tc", [[":a", ":b", ":c"]]],
  ["a\n\n  b", [[":a"], [":b"]]],
  ["a#b # c\nd", [[":a#b"], [":d"]]],
  ["# all of it", []],
  ["a\\ b \\# c\\\nd", [[":a b", ":#", ":cd"]]],
  ["a \\\nb", [[":a", ":b"]]],
  ["'a b'c 'd\\' ''", [[":a bc", ":d\\", ":"]]],
  ["'a b", undefined],
  ['"a b"c ""', [[":a bc", ":"]]],
  ['"a\\"b\\\\c\\$d\\`e\\x\\\nf"', [[':a"b\\c$d`e\\xf']]],
  ['"a\\n"b', [[":a\\nb"]]],
  ['"a', undefined],
  ['"a\\', undefined],
  ['"`a`"', undefined],
  ['"$(a)"', undefined],
  ["$((1))", undefined],
  ["a\\", undefined],
  ...[..."();&|<>`{}"].map((operator): [string, undefined] => [`a${operator}b`, undefined]),
  [`'();&|<>\`{}' "();&|<>{}"`, [[":();&|<>`{}", ":();&|<>{}"]]],
  ["a* b? [c] d!", [["?:a*", "?:b?", "?:[c]", "?:d!"]]],
  ["'a*' \"b?\"", [[":a*", ":b?"]]],
  ["~/a ~kim a~/b ~", [["~:~/a", "?:~kim", ":a~/b", "?:~"]]],
  [`$HOME/a "$HOME/b c" \${HOME}/d`, [["~:~/a", "~:~/b c", "~:~/d"]]],
  ["$HOME a$HOME/b $HOMES/c", [["?:", "?:a/b", "?:/c"]]],
  [`"$@" $@ "\${@}"`, [["@:", "@:", "@:"]]],
  [`"$@"x "y$@" $@$@ "$@ "`, [["@?:x", "?:y", "@?:", "@?: "]]],
  [`$a \${b} $1 $* "$#" $?`, [["?:", "?:", "?:", "?:", "?:", "?:"]]],
  [`\${a:-b}`, undefined],
  ["A=b c", [[":A=b", ":c"]]],
])("reads %j as %j", (script, words) => {
  expect(read(script)).toEqual(words);
});
