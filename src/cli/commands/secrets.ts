import {
  environmentPath,
  isVariableName,
  readVariables,
  removeVariable,
  setVariable,
} from "../../config/environment/index.js";
import { readGatewayInfo } from "../../control/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { readStandardInput } from "../standard-input.js";

/** `tapback secrets set`: the value never stands on the command line, where other users and the shell's history would have it. */
export async function set(context: Context, name: string): Promise<number> {
  if (!isVariableName(name))
    throw new TapbackError("USAGE", `${name} is no name of a variable`, {
      hint: "Letters, digits and _, e.g. ANTHROPIC_API_KEY. The value is asked for, or comes over standard input.",
    });
  const value = process.stdin.isTTY ? await asked(context, name) : await readStandardInput();
  if (value === undefined) return exitCodes.interrupted;
  if (value === "")
    throw new TapbackError("USAGE", `there is no value for ${name}`, {
      hint: `Type it, or send it: printenv ${name} | tapback secrets set ${name}`,
    });
  await setVariable(context.stateDir, name, value);
  const path = environmentPath(context.stateDir);
  // What is not from the file is from the process.
  const shell = context.env[name];
  const isOther = Boolean(shell) && shell !== context.variables[name] && shell !== value;
  if (context.json) printJson({ path, name, overridden: isOther });
  else {
    printLine(`${styled("green", "Kept")} ${name} in ${path}.`);
    if (isOther)
      printLine(styled("yellow", `This shell has another value for ${name}, which wins where it is set.`));
    tellRunning(context);
  }
  return exitCodes.done;
}

/** `tapback secrets list`: names alone. */
export async function list(context: Context): Promise<number> {
  const names = Object.keys(readVariables(context.stateDir).variables);
  if (context.json) printJson({ path: environmentPath(context.stateDir), names });
  else if (names.length === 0) printLine("There are none. Keep one with: tapback secrets set NAME");
  else for (const name of names) printLine(name);
  return exitCodes.done;
}

/** `tapback secrets remove`. @throws TapbackError `VARIABLE_UNKNOWN` */
export async function remove(context: Context, name: string): Promise<number> {
  const path = environmentPath(context.stateDir);
  if (!(await removeVariable(context.stateDir, name)))
    throw new TapbackError("VARIABLE_UNKNOWN", `${path} has no ${name}`);
  if (context.json) printJson({ path, name });
  else {
    printLine(`Removed ${name} from ${path}.`);
    tellRunning(context);
  }
  return exitCodes.done;
}

function tellRunning({ stateDir }: Context): void {
  if (readGatewayInfo(stateDir))
    printLine("A gateway that runs reads it at its next start: tapback service restart");
}

async function asked({ json }: Context, name: string): Promise<string | undefined> {
  const { isCancel, password } = await import("@clack/prompts");
  // What is printed for a program, or into a file, holds no question.
  const output = json || !process.stdout.isTTY ? process.stderr : process.stdout;
  const value = await password({ message: `Value of ${name}`, output });
  return isCancel(value) ? undefined : (value ?? "").trim();
}
