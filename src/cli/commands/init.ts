import { knownAgent } from "../../agents/index.js";
import { configText, writeConfigFile } from "../../config/edit/index.js";
import { setVariable } from "../../config/environment/index.js";
import { type Config, configPath, expandHome, parseConfig } from "../../config/index.js";
import { handleKind, isNationalNumber, normalizeHandle } from "../../conversation/index.js";
import { findProgram, TapbackError } from "../../platform/index.js";
import { answered } from "../asking.js";
import { catchUpCommand, withoutCatchUp } from "../catch-up.js";
import { type Context, contextOf } from "../context.js";
import { type AgentChoice, modelChoice } from "../init/choice.js";
import { type FirstAnswer, firstAnswer } from "../init/first-answer.js";
import type { Asked, Given } from "../init/questions.js";
import { type Answers, render } from "../init/render.js";
import { exitCodes, printError, printJson, printLine, styled } from "../output.js";
import { readStandardInput } from "../standard-input.js";
import { typed } from "../typed.js";

export interface InitOptions {
  cliPath?: string;
  dbPath?: string;
  model?: string;
  baseUrl?: string;
  keyStdin?: boolean;
  acp?: string;
  agent?: string;
  allow?: string[];
  shared?: boolean;
  catchUp?: boolean;
  /** Whether the agent is asked for one real answer at the end; default true. */
  try?: boolean;
  /** Whether the gateway runs at the end; absent: asked for at a terminal, else not. */
  start?: boolean;
  yes?: boolean;
  force?: boolean;
}

/**
 * `tapback init`: asks on a terminal, at most four questions; with `--yes` or without a terminal it asks nothing. It ends
 * with one real answer of the agent, and with the person's first message (behaviour 6.7a).
 * @returns 1 when the agent gave no answer
 * @throws `CONFIG_EXISTS`, `CONFIG_CHANGED`, `CONFIG_INVALID`, `USAGE`, and what keeps a key from being kept
 */
export async function init(context: Context, options: InitOptions): Promise<number> {
  const file = configPath(context, context.configOption);
  const before = configText(file);
  if (before !== undefined && !options.force)
    throw new TapbackError("CONFIG_EXISTS", `${file} exists already`, {
      hint: "Edit it with `tapback config set`, or replace it with --force.",
    });
  const asks = !options.yes && !context.json && process.stdin.isTTY === true && process.stdout.isTTY === true;
  const given = await givenBy(options, asks);
  const asked: Asked | undefined = asks
    ? await (await import("../init/questions.js")).ask(context, given)
    : { answers: { ...given, agent: given.agent ?? { kind: "demo" } }, key: given.key, askedForImsg: false };
  if (!asked) return exitCodes.interrupted;
  const { answers, key, askedForImsg } = asked;
  const ready = await keep(context, answers, key);
  const { config } = await write(ready, { path: file, text: before }, answers);
  if (!context.json) tellWritten(ready, file, answers);
  const answer = await proof(ready, config, answers.agent, options.try !== false);
  if (context.json)
    printJson({
      path: file,
      ...(answer?.ok && { answer: answer.text }),
      ...(answer?.ok === false && { error: answer.error }),
    });
  if (answer?.ok === false) return exitCodes.refused;
  const found = findProgram(expandHome(answers.cliPath, context.home), context.env) !== undefined;
  if (options.start ?? (asks && found && !askedForImsg && (await startsNow())))
    return (await import("../init/first-message.js")).firstMessage(ready);
  if (!context.json) tellNext(context, answers);
  return exitCodes.done;
}

/** @param asks whether what is left out is asked for */
async function givenBy(options: InitOptions, asks: boolean): Promise<Given> {
  const { model, baseUrl, acp, agent, dbPath } = options;
  if ([model, acp, agent].filter((each) => each !== undefined).length > 1)
    throw new TapbackError("USAGE", "--model, --acp and --agent each name who answers", {
      hint: "Give one of them.",
    });
  if (baseUrl !== undefined && model === undefined && (!asks || (acp ?? agent) !== undefined))
    throw new TapbackError("USAGE", "--base-url is where a model is served: it goes with --model", {
      hint: "e.g. tapback init --model lmstudio/qwen3 --base-url http://localhost:1234/v1",
    });
  if (acp !== undefined && knownAgent(acp) === undefined)
    throw new TapbackError("USAGE", `there is no ACP agent ${acp}`, {
      hint: "`tapback agents list` names those that are known; others are started by `runtime.acp.command`.",
    });
  const choice: AgentChoice | undefined =
    model !== undefined
      ? { kind: "model", ...modelChoice(model, baseUrl) }
      : acp !== undefined
        ? { kind: "acp", name: acp }
        : agent !== undefined
          ? { kind: "command", line: agent }
          : undefined;
  const key = options.keyStdin ? (await readStandardInput()).trim() : undefined;
  if (key === "" || (key !== undefined && (choice?.kind !== "model" || choice.keyVariable === undefined)))
    throw new TapbackError("USAGE", "--key-stdin is for the key of a model", {
      hint: "e.g. tapback init --model anthropic/claude-sonnet-4-5 --key-stdin < key.txt",
    });
  return {
    cliPath: options.cliPath ?? "imsg",
    allow: (options.allow ?? []).map(readHandle),
    shared: options.shared ?? false,
    catchUp: options.catchUp ?? false,
    agent: choice,
    ...(dbPath && { dbPath }),
    ...(baseUrl && { baseUrl }),
    ...(key && { key }),
  };
}

/** Keeps the key where every way of starting finds it (behaviour 1.5a). @returns the context with it */
async function keep(context: Context, { agent }: Answers, key: string | undefined): Promise<Context> {
  if (agent.kind !== "model" || agent.keyVariable === undefined || key === undefined) return context;
  await setVariable(context.stateDir, agent.keyVariable, key);
  if (!context.json) printLine(`${styled("green", "Kept")} ${agent.keyVariable} for every way of starting.`);
  const again = contextOf({
    ...(context.configOption && { config: context.configOption }),
    json: context.json,
  });
  // What was typed just now is meant, whatever the shell has.
  return { ...again, env: { ...again.env, [agent.keyVariable]: key } };
}

/** @param before the file as it was when the questions were asked */
async function write(
  context: Context,
  before: { path: string; text: string | undefined },
  answers: Answers,
): Promise<{ config: Config }> {
  const { agent } = answers;
  const text = render(answers, agent.kind === "model" && Boolean(context.env[agent.keyVariable ?? ""]));
  const checked = await parseConfig(text, context.env);
  if (!checked.ok)
    throw new TapbackError("CONFIG_INVALID", checked.error.map(({ message }) => message).join("\n"));
  await writeConfigFile(before.path, text, before.text);
  return checked.value;
}

function tellWritten(context: Context, file: string, { cliPath, catchUp }: Answers): void {
  printLine(`${styled("green", "Wrote")} ${file}`);
  if (findProgram(expandHome(cliPath, context.home), context.env) === undefined)
    printLine(
      `${styled("yellow", "Not found here:")} ${cliPath}. Install imsg, or name the script that runs it on your Mac: ${typed("tapback config set channels.imessage.cliPath PATH", context)}`,
    );
  if (!catchUp) printLine(`${withoutCatchUp} To change that: ${catchUpCommand(context)}`);
}

/** One real answer; the demo agent has nothing to prove. */
async function proof(
  context: Context,
  config: Config,
  agent: AgentChoice,
  isWanted: boolean,
): Promise<FirstAnswer | undefined> {
  if (!isWanted || agent.kind === "demo") return undefined;
  if (!context.json) printLine("\nAsking the agent to say hello …");
  const answer = await firstAnswer(config, context);
  if (context.json) return answer;
  if (answer.ok) printLine(`${styled("green", "It answers:")} ${answer.text}`);
  else {
    printError({ ...answer.error, hint: answer.error.hint ?? "" });
    printLine(
      `The configuration is written. Once that is mended: ${typed("tapback agents try main hello", context)}`,
    );
  }
  return answer;
}

async function startsNow(): Promise<boolean> {
  const { confirm } = await import("@clack/prompts");
  return answered(await confirm({ message: "Run the gateway now, and let yourself in with one text?" }));
}

function tellNext(context: Context, { allow }: Answers): void {
  const all: [string, string][] = [
    ["tapback gateway", "runs it; then text the account from another phone"],
    ["tapback pair --owner", "lets you in as the owner, with one text from your phone"],
    [
      "tapback pairing list",
      `shows who asks to be let in${allow.length > 0 ? " besides those you named" : ""}`,
    ],
    ["tapback channels status --probe", "checks the whole way to Messages"],
  ];
  const steps = all.map(([command, what]) => [typed(command, context), what] as const);
  printLine("\nNext:");
  for (const [command, what] of steps)
    printLine(`  ${styled("bold", command.padEnd(steps.at(-1)![0].length))}  ${styled("dim", what)}`);
}

/** Which country a number without one belongs to is not known here: the region is set in the file that is to be made. */
function readHandle(text: string): string {
  const hint = "Handles look like +15550100123 or kim@example.com.";
  if (isNationalNumber(text))
    throw new TapbackError(
      "USAGE",
      `${text} does not say its country; write it with + and the country code, e.g. +1 415 555 0100`,
      { hint },
    );
  const handle = normalizeHandle(text);
  const kind = handleKind(handle);
  if (kind === "phone" || kind === "email") return handle;
  throw new TapbackError("USAGE", `${text} is neither a phone number nor an e-mail address`, { hint });
}
