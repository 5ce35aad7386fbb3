import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { configPath } from "../../config/index.js";
import { refuseSecondGateway } from "../../control/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine } from "../output.js";
import { isOurs } from "../state-files.js";

export interface UninstallOptions {
  keep?: boolean;
  purge?: boolean;
}

/** What goes, beside the service. */
type Going = "nothing" | Taken;
type Taken = "messages" | "all";

/**
 * `tapback uninstall`: removes the service, then what a person wants to go of the rest (behaviour 1.9).
 * @throws TapbackError `USAGE`, `GATEWAY_RUNNING`, `SERVICE_MANAGER_FAILED`
 */
export async function uninstall(context: Context, { keep, purge }: UninstallOptions): Promise<number> {
  if (keep && purge) throw new TapbackError("USAGE", "--keep and --purge are opposites");
  const service = await removeService(context);
  const answer: Going | undefined = purge ? "all" : keep ? "nothing" : await asked(context);
  const going = answer ?? "nothing";
  const removed = going === "nothing" ? [] : await remove(context, going);
  if (context.json) printJson({ service, removed });
  else {
    printLine(service ? "The service is gone." : "There was no service.");
    for (const path of removed) printLine(`Removed ${path}`);
    if (going === "nothing")
      printLine(`Kept: ${configPath(context, context.configOption)}, and ${context.stateDir}`);
    printLine("The program itself: npm uninstall --global tapback");
  }
  return answer === undefined ? exitCodes.interrupted : exitCodes.done;
}

/** @returns whether there was one; where no service manager is, there was none */
async function removeService(context: Context): Promise<boolean> {
  try {
    const { removeService: take } = await import("./service.js");
    return await take(context);
  } catch (error) {
    if (error instanceof TapbackError && error.code === "SERVICE_MANAGER_MISSING") return false;
    throw error;
  }
}

/** @returns undefined where the person broke off: nothing else goes then, and what went is told */
async function asked({ json, stateDir }: Context): Promise<Going | undefined> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return "nothing";
  const { isCancel, select } = await import("@clack/prompts");
  const answer = await select<Going>({
    message: `What else is to go of ${stateDir}?`,
    options: [
      { value: "nothing", label: "Nothing: an install later goes on where this one ended" },
      { value: "messages", label: "Messages and approvals; the configuration, keys and workspaces stay" },
      { value: "all", label: "Everything: configuration, keys and workspaces too" },
    ],
  });
  return isCancel(answer) ? undefined : answer;
}

/** What is not known to be ours stays, and the folder with it. @returns what was removed */
async function remove(context: Context, going: Taken): Promise<string[]> {
  const { stateDir } = context;
  if (!existsSync(stateDir)) return [];
  await refuseSecondGateway(stateDir);
  const removed = readdirSync(stateDir)
    .filter((name) => isOurs(name, going))
    .map((name) => join(stateDir, name));
  for (const path of removed) rmSync(path, { recursive: true, force: true });
  if (going === "all" && readdirSync(stateDir).length === 0) rmdirSync(stateDir);
  return removed;
}
