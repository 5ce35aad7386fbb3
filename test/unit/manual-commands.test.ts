import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { build } from "../../src/cli/program.js";
import { Given } from "../../src/simulator/cli/argv.js";
import { commandAt } from "../../src/simulator/cli/catalogue.js";
import { type ManualCommand, manualCommands } from "../support/manual-commands.js";
import { projectFiles } from "../support/project-files.js";

const { scripts } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
/** What people read to use or change Tapback; the norm names commands by their idea. */
const pages = projectFiles([".md"]).filter(
  ({ path }) => path !== "CHANGELOG.md" && !/^docs\/(spec|adr)\//.test(path),
);

/** Commands that were looked at: pages name the same ones again and again. */
const judged = new Map<string, Promise<string | undefined>>();

/** What is wrong with a command of the manual; undefined when it can be typed as it stands. */
function fault({ words, isWhole }: ManualCommand): Promise<string | undefined> {
  const key = JSON.stringify([words, isWhole]);
  const known = judged.get(key) ?? judge(words, isWhole);
  judged.set(key, known);
  return known;
}

async function judge([program, ...words]: string[], isWhole: boolean): Promise<string | undefined> {
  if (program === "npm") return npmFault(words);
  if (program === "imsg-sim") return simulatorFault(words, isWhole);
  return isWhole ? await typed(words) : named(words);
}

function npmFault([first = "", script = ""]: string[]): string | undefined {
  const own = first === "run" ? script : ["start", "test"].includes(first) ? first : undefined;
  return own === undefined || own in scripts ? undefined : `package.json has no script ${own}`;
}

function simulatorFault(words: string[], isWhole: boolean): string | undefined {
  if (/^[-$]|…|\|/.test(words[0]!)) return undefined;
  const found = commandAt(words, () => true);
  if (found === undefined) return `imsg-sim has no ${words.slice(0, 2).join(" ")}`;
  const rest = words.slice(found.words);
  if (!isWhole || rest.includes("--help")) return undefined;
  try {
    new Given(found.command.words?.(rest) ?? rest, found.command.options);
  } catch (error) {
    return String(error);
  }
}

/** Has the command line read it, as if it were typed; nothing runs. */
async function typed(words: string[]): Promise<string | undefined> {
  let complaint = "";
  const take = (text: string) => {
    complaint += text;
  };
  const program = await build(words, () => async () => {});
  const quiet = (command: Command) => {
    command.configureOutput({ writeErr: take, writeOut: () => {} });
    command.exitOverride();
    command.commands.forEach(quiet);
  };
  quiet(program);
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    const { exitCode, message } = error as { exitCode: number; message: string };
    return exitCode === 0 ? undefined : complaint || message;
  }
}

/** The tree of commands, for looking up; what is typed gets one of its own, which keeps what was parsed. */
const tree = await build([], () => async () => {});

/** Looks up the commands and options that a sentence names; `a|b` stands for both, `[…]` for what may be left out. */
function named(words: string[]): string | undefined {
  // `tapback --from …` is a command of imsg's: it puts a tapback on a message.
  if (words[0]!.startsWith("--")) return undefined;
  let commands = [tree];
  for (const word of words.map((each) => each.replace(/^\[|\]$/g, ""))) {
    if (word.includes("…") || /^[<A-Z\d]/.test(word)) continue;
    if (/^-\w?$/.test(word)) continue;
    if (word.startsWith("--")) {
      for (const option of word.split("|")) {
        const known = commands.flatMap((command) => ancestry(command)).flatMap(({ options }) => options);
        if (!["--help", ...known.map(({ long }) => long)].includes(option.split("=")[0]!))
          return `${commands.map((command) => command.name())} has no ${option}`;
      }
      continue;
    }
    const children = word
      .split("|")
      .map((name) => commands[0]!.commands.find((child) => child.name() === name));
    if (children.every((child) => child !== undefined)) commands = children;
    else if (commands[0]!.commands.length > 0) return `there is no ${commands[0]!.name()} ${word}`;
  }
}

function ancestry(command: Command): Command[] {
  return command.parent === null ? [command] : [command, ...ancestry(command.parent)];
}

describe("the commands of the manual", () => {
  it.each(pages.map((page) => [page.path, page.text]))("can be typed as %s has them", async (path, text) => {
    const faults: string[] = [];
    for (const command of manualCommands(text)) {
      const wrong = await fault(command);
      if (wrong !== undefined)
        faults.push(`${path}:${command.line}: ${command.words.join(" ")}: ${wrong.trim()}`);
    }
    expect(faults).toEqual([]);
  });

  it.each([
    ["```sh\ntapback retry --faild\n```", /unknown option '--faild'/],
    ["```sh\ntapback explain\n```", /missing required argument/],
    ["```sh\ntapback pairing aprove imessage X # why\n```", /unknown command/],
    ["```text\n$ tapback inbox --failt\n```", /--failt/],
    ["`tapback service install|unistall`", /no service install|unistall/],
    ["`tapback inbox [--dropped|--faild]`", /has no --faild/],
    ["```sh\nimsg-sim say --form +15550100123\n```", /form/],
    ["`npm run tset`", /no script tset/],
  ])("are refused in %j", async (page, why) => {
    const commands = manualCommands(page);
    expect(commands).toHaveLength(1);
    expect(await fault(commands[0]!)).toMatch(why);
  });

  it("are found in blocks, sentences and pipes", () => {
    const page = '`tapback doctor` and\n\n```sh\necho "a | b" | X=1 tapback inbox --json > f\ncat x\n```\n';
    expect(manualCommands(page).map(({ words }) => words.slice(1))).toEqual([
      ["doctor"],
      ["inbox", "--json"],
    ]);
  });
});
