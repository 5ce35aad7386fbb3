import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { configPath, parseConfig } from "../../config/index.js";
import { handleKind, normalizeHandle } from "../../conversation/index.js";
import { TapbackError } from "../../platform/index.js";
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
  else {
    printLine(`${styled("green", "Wrote")} ${file}`);
    printLine("Next: `tapback gateway`, then text the account from another phone.");
    printLine("Whoever is not listed gets a pairing code; `tapback pairing list` shows who waits.");
  }
  return exitCodes.done;
}

async function ask(given: Answers): Promise<Answers | undefined> {
  const { cancel, intro, isCancel, outro, text } = await import("@clack/prompts");
  intro("Tapback: your agent in Messages");
  const cliPath = await text({
    message: "Where is imsg? (a program, or a wrapper script that runs it on another Mac)",
    initialValue: given.cliPath,
  });
  if (isCancel(cliPath)) return void cancel("Nothing was written.");
  const allow = await text({
    message:
      "Who may write at once? (phone numbers or addresses, separated by commas; empty: everyone asks with a code)",
    initialValue: given.allow.join(", "),
    validate: (value) => problemOf(value ?? ""),
  });
  if (isCancel(allow)) return void cancel("Nothing was written.");
  const agent = await text({
    message: "Which program answers? (empty: the built-in demo agent)",
    initialValue: given.agent ?? "",
  });
  if (isCancel(agent)) return void cancel("Nothing was written.");
  outro("That is all it needs.");
  return {
    ...given,
    cliPath: cliPath || "imsg",
    allow: splitHandles(allow ?? "").map(readHandle),
    ...(agent && { agent }),
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
