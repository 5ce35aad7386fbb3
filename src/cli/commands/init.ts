import { existsSync } from "node:fs";
import { writeConfigFile } from "../../config/edit/index.js";
import { configPath, expandHome, parseConfig } from "../../config/index.js";
import { handleKind, isNationalNumber, normalizeHandle } from "../../conversation/index.js";
import { findProgram, TapbackError } from "../../platform/index.js";
import { catchUpQuestion, withoutCatchUp } from "../catch-up.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";

export interface InitOptions {
  cliPath?: string;
  dbPath?: string;
  agent?: string;
  allow?: string[];
  shared?: boolean;
  catchUp?: boolean;
  yes?: boolean;
  force?: boolean;
}

/** What a first configuration needs to know. */
interface Answers {
  cliPath: string;
  dbPath?: string;
  agent?: string;
  allow: string[];
  /** The agent answers over a person's own account, in which that person writes too. */
  shared: boolean;
  /** What comes while the gateway is off is answered at its next start (behaviour 9.4). */
  catchUp: boolean;
}

/** How long the agent keeps quiet where the account's human wrote by hand (behaviour 10.4). */
const quietMinutes = 15;

/** What stands for an empty answer, so that the person sees what it means. */
const nobody = "nobody yet";
const demoAgent = "the built-in demo agent";

/** `tapback init`: asks on a terminal; with `--yes`, without one, or with flags for everything it asks nothing. @throws `CONFIG_EXISTS`, `CONFIG_INVALID` */
export async function init(context: Context, options: InitOptions): Promise<number> {
  const file = configPath(context, context.configOption);
  if (existsSync(file) && !options.force)
    throw new TapbackError("CONFIG_EXISTS", `${file} exists already`, {
      hint: "Edit it with `tapback config set`, or replace it with --force.",
    });
  const given: Answers = {
    cliPath: options.cliPath ?? "imsg",
    allow: (options.allow ?? []).map(readHandle),
    shared: options.shared ?? false,
    catchUp: options.catchUp ?? false,
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
  writeConfigFile(file, text);
  if (context.json) printJson({ path: file });
  else await tellNext(context, file, answers, asks);
  return exitCodes.done;
}

async function tellNext(
  context: Context,
  file: string,
  { cliPath, allow, catchUp }: Answers,
  asks: boolean,
): Promise<void> {
  printLine(`${styled("green", "Wrote")} ${file}`);
  const found = findProgram(expandHome(cliPath, context.home), context.env) !== undefined;
  if (!found)
    printLine(
      `${styled("yellow", "Not found here:")} ${cliPath}. Install imsg, or name the script that runs it on your Mac: tapback config set channels.imessage.cliPath PATH`,
    );
  if (!catchUp)
    printLine(`${withoutCatchUp} To change that: tapback config set channels.imessage.catchup.enabled true`);
  const paired = asks && found && (await offerPair(context));
  const steps: [string, string][] = [
    [
      "tapback gateway",
      paired ? "then text the phrase" : "runs it; then text the account from another phone",
    ],
    ["tapback pair --owner", "lets you in as the owner, with one text from your phone"],
    [
      "tapback pairing list",
      `shows who asks to be let in${allow.length > 0 ? " besides those you named" : ""}`,
    ],
    ["tapback channels status --probe", "checks the whole way to Messages"],
  ];
  printLine("\nNext:");
  for (const [command, what] of steps)
    printLine(`  ${styled("bold", command.padEnd(steps.at(-1)![0].length))}  ${styled("dim", what)}`);
}

/** Ends with a phrase that makes its writer the owner (behaviour 3.6); it is taken once the gateway runs. */
async function offerPair(context: Context): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  if ((await confirm({ message: "Let yourself in as the owner now, with one text?" })) !== true) return false;
  const { pair } = await import("./pair.js");
  await pair(context, { owner: true, qr: true, wait: false });
  return true;
}

async function ask(given: Answers): Promise<Answers | undefined> {
  const { cancel, confirm, intro, isCancel, outro, select, text } = await import("@clack/prompts");
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
  const shared = await select({
    message: "Whose Messages account is it?",
    options: [
      { value: false, label: "The agent's own" },
      {
        value: true,
        label: "Mine, and I write in it too",
        hint: `the agent keeps quiet for ${quietMinutes} minutes where you wrote by hand`,
      },
    ],
    initialValue: given.shared,
  });
  if (isCancel(shared)) return void cancel("Nothing was written.");
  const catchUp = await confirm({ message: catchUpQuestion, initialValue: given.catchUp });
  if (isCancel(catchUp)) return void cancel("Nothing was written.");
  outro("That is all it needs.");
  return {
    ...given,
    cliPath: cliPath || "imsg",
    allow: allow === nobody ? [] : splitHandles(allow ?? "").map(readHandle),
    ...(agent && agent !== demoAgent && { agent }),
    shared,
    catchUp,
  };
}

function splitHandles(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function problemOf(text: string): string | undefined {
  return splitHandles(text)
    .map(handleProblem)
    .find((problem) => problem !== undefined);
}

/** Which country a number without one belongs to is not known here: the region is set in the file that is to be made. */
function handleProblem(text: string): string | undefined {
  if (isNationalNumber(text))
    return `${text} does not say its country; write it with + and the country code, e.g. +1 415 555 0100`;
  const kind = handleKind(normalizeHandle(text));
  return kind === "phone" || kind === "email"
    ? undefined
    : `${text} is neither a phone number nor an e-mail address`;
}

function readHandle(text: string): string {
  const problem = handleProblem(text);
  if (problem === undefined) return normalizeHandle(text);
  throw new TapbackError("USAGE", problem, { hint: "Handles look like +15550100123 or kim@example.com." });
}

const handoff = `

      // Where you write by hand, the agent keeps quiet for so long.
      handoff: { quietMinutes: ${quietMinutes} },`;

const catchingUp = `

      // What comes while the gateway is off is answered at its next start.
      catchup: { enabled: true },`;

function render({ cliPath, dbPath, agent, allow, shared, catchUp }: Answers): string {
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
      allowFrom: ${JSON.stringify(allow)},${shared ? handoff : ""}${catchUp ? catchingUp : ""}
    },
  },
  agents: {
    list: [{ id: "main", runtime: ${runtime} }],
  },
  session: {
    // Each person has a memory of their own with the agent: "per-peer" does that too, "main" shares one among all.
    dmScope: "per-channel-peer",
  },
}
`;
}
