import { formatProblem, type LoadedConfig, resolveAccounts } from "../config/index.js";
import { answered } from "./asking.js";
import type { Context } from "./context.js";
import { printLine, styled } from "./output.js";
import { typed } from "./typed.js";

/** What a person is asked, and what it means to say no (behaviour 9.4, 9.5). */
export const catchUpQuestion =
  "Answer also what comes while the gateway is off, e.g. while the Mac restarts or updates?";
export const withoutCatchUp =
  "What comes while the gateway is off, also at a restart or an update of this machine, is not answered: you are told once what was missed.";

const setting = ["channels", "imessage", "catchup", "enabled"];

/** @returns the command that switches catch-up on */
export function catchUpCommand(context: Context): string {
  return typed(`tapback config set ${setting.join(".")} true`, context);
}

/** @returns whether some account that runs does not catch up */
export function lacksCatchUp({ config }: LoadedConfig): boolean {
  return resolveAccounts(config).some(({ enabled, catchup }) => enabled && !catchup.enabled);
}

/**
 * Offers catch-up to whoever installs the service: a restart of the machine is no stop on purpose.
 * @param wanted as an option says it; undefined: asked on a terminal, else only told
 */
export async function offerCatchUp(
  context: Context,
  loaded: LoadedConfig,
  wanted: boolean | undefined,
): Promise<void> {
  if (!lacksCatchUp(loaded)) return;
  if (wanted ?? (await isWanted(context))) return switchOn(context, loaded.path);
  if (context.json) return;
  printLine(styled("yellow", withoutCatchUp));
  printLine(styled("dim", `To change that: ${catchUpCommand(context)}`));
}

async function isWanted({ json }: Context): Promise<boolean> {
  if (json || process.stdin.isTTY !== true || process.stdout.isTTY !== true) return false;
  const { confirm } = await import("@clack/prompts");
  return answered(await confirm({ message: catchUpQuestion }));
}

async function switchOn(context: Context, path: string): Promise<void> {
  const { editFile } = await import("../config/edit/index.js");
  const edited = await editFile(path, [{ set: setting, value: true }], context.env);
  if (!edited.ok) throw edited.error.error;
  if (context.json) return;
  printLine(`Catch-up is on now, in ${path}.`);
  for (const warning of edited.value.warnings) printLine(formatProblem(path, warning));
}
