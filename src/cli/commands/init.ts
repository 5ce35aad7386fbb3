import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { configPath, expandHome, parseConfig } from "../../config/index.js";
import { handleKind, normalizeHandle } from "../../conversation/index.js";
import { findProgram, TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";

export interface InitOptions {
  cliPath?: string;
  dbPath?: string;
  agent?: string;
  allow?: string[];
  yes?: boolean;
  force?: boolean;
}

/** What a first configuration needs to know. */
interface Answers {
  cliPath: string;
  dbPath?: string;
  agent?: string;
  allow: string[];
}

/** What stands for an empty answer, so that the person sees what it means. */
const nobody = "nobody yet";
const demoAgent = "the built-in demo agent";

/** `tapback init`: asks on a terminal; with `--yes`, without one, or with flags for everything it asks nothing. */
export async function init(context: Context, options: InitOptions): Promise<number> {
  const file = configPath(context, context.configOption);
  if (existsSync(file) && !options.force)
    throw new TapbackError("CONFIG_EXISTS", `${file} exists already`, {
      hint: "Edit it with `tapback config set`, or replace it with --force.",
    });
  const given: Answers = {
    cliPath: options.cliPath ?? "imsg",
    allow: (options.allow ?? []).map(readHandle),
    ...(options.dbPath && { dbPath: options.dbPath }),
    ...(options.agent && { agent: options.agent }),
  };
  const asks = !options.yes && !context.json && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const answers = asks ? await ask(given) : given;
  if (!answers) return exitCodes.interrupted;
  const text = render(answers);
  const checked = await parseConfig(text, context.env);
  if (!checked.ok)
    throw new TapbackError("CONFIG_INVALID", checked.error.map(({ message }) => message).join("\n"));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
  if (context.json) printJson({ path: file });
  else tellNext(context, file, answers);
  return exitCodes.done;
}

function tellNext(context: Context, file: string, { cliPath, allow }: Answers): void {
  printLine(`${styled("green", "Wrote")} ${file}`);
  const path = expandHome(cliPath, context.home);
  if (!findProgram(path, context.env))
    printLine(
      `${styled("yellow", "Not found here:")} ${cliPath}. Install imsg, or name the script that runs it on your Mac: tapback config set channels.imessage.cliPath PATH`,
    );
  const steps: [string, string][] = [
    ["tapback gateway", "then text the account from another phone"],
    [
      "tapback pairing list",
      `shows who asks to be let in${allow.length > 0 ? " besides those you named" : ""}`,
    ],
    ["tapback channels status --probe", "checks the whole way to Messages"],
  ];
  printLine("\nNext:");
  for (const [command, what] of steps)
    printLine(`  ${styled("bold", command.padEnd(steps[2]![0].length))}  ${styled("dim", what)}`);
}

async function ask(given: Answers): Promise<Answers | undefined> {
  const { cancel, intro, isCancel, outro, text } = await import("@clack/prompts");
  intro("Tapback: your agent in Messages");
  const cliPath = await text({
    message: "Where is imsg?",
    placeholder: 'imsg, or a script that runs it on your Mac: exec ssh -T mac imsg "$@"',
    defaultValue: given.cliPath,
    ...(given.cliPath !== "imsg" && { initialValue: given.cliPath }),
  });
  if (isCancel(cliPath)) return void cancel("Nothing was written.");
  const allow = await text({
    message: "Who may write at once?",
    placeholder: "+15550100123, kim@example.com; if nobody, everyone asks with a code that you approve",
    defaultValue: nobody,
    initialValue: given.allow.join(", "),
    validate: (value) => problemOf(value ?? ""),
  });
  if (isCancel(allow)) return void cancel("Nothing was written.");
  const agent = await text({
    message: "Which program answers?",
    placeholder: `a program that reads a message and prints its answer; or ${demoAgent}`,
    defaultValue: demoAgent,
    initialValue: given.agent ?? "",
  });
  if (isCancel(agent)) return void cancel("Nothing was written.");
  outro("That is all it needs.");
  return {
    ...given,
    cliPath: cliPath || "imsg",
    allow: allow === nobody ? [] : splitHandles(allow ?? "").map(readHandle),
    ...(agent && agent !== demoAgent && { agent }),
  };
}

function splitHandles(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function problemOf(text: string): string | undefined {
  const wrong = splitHandles(text).find((part) => !isHandle(part));
  return wrong && `${wrong} is neither a phone number nor an e-mail address`;
}

function isHandle(text: string): boolean {
  const kind = handleKind(normalizeHandle(text));
  return kind === "phone" || kind === "email";
}

function readHandle(text: string): string {
  if (isHandle(text)) return normalizeHandle(text);
  throw new TapbackError("USAGE", `${text} is neither a phone number nor an e-mail address`);
}

function render({ cliPath, dbPath, agent, allow }: Answers): string {
  const [command, ...args] = (agent ?? "").split(/\s+/).filter((word) => word !== "");
  const runtime = command
    ? `{ type: "command", command: ${JSON.stringify(command)}, args: ${JSON.stringify(args)} }`
    : `{ type: "demo" }`;
  return `// Tapback's configuration. \`tapback config schema\` lists every field.
{
  channels: {
    imessage: {
      // imsg on this Mac, or a script that runs it on another one: exec ssh -T mac imsg "$@"
      cliPath: ${JSON.stringify(cliPath)},${dbPath ? `\n      dbPath: ${JSON.stringify(dbPath)},` : ""}

      // Whoever is not in allowFrom gets a code that you approve with \`tapback pairing approve\`.
      dmPolicy: "pairing",
      allowFrom: ${JSON.stringify(allow)},
    },
  },
  agents: {
    list: [{ id: "main", runtime: ${runtime} }],
  },
}
`;
}
