import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { configPath } from "../../config/index.js";
import { refuseSecondGateway } from "../../control/index.js";
import { TapbackError } from "../../platform/index.js";
import type { Context } from "../context.js";
import { lockWhenFree } from "../lock-when-free.js";
import { exitCodes, printJson, printLine } from "../output.js";
import { callDeps } from "../service-calls.js";
import { isOurs } from "../state-files.js";
import type { RemovableService } from "./service.js";

export interface UninstallOptions {
  keep?: boolean;
  purge?: boolean;
}

/** What goes, beside the service. */
type Going = "nothing" | Taken;
type Taken = "messages" | "all";

/** What a gateway takes beside the time of its service: it looks for the end of its app once a second, and ends its children, milliseconds. */
const restMs = 20_000;

/**
 * `tapback uninstall`: removes the service, then what a person wants to go of the rest (behaviour 1.9).
 * @throws TapbackError `USAGE`, `GATEWAY_RUNNING`, `SERVICE_MANAGER_FAILED`
 */
export async function uninstall(context: Context, { keep, purge }: UninstallOptions): Promise<number> {
  if (keep && purge) throw new TapbackError("USAGE", "--keep and --purge are opposites");
  const found = await serviceOf(context);
  // One that the service does not end would be found when the service is gone.
  if (purge && !found?.runsHere) await refuseSecondGateway(context.stateDir);
  const service = (await found?.remove()) ?? false;
  if (!context.json) printLine(service ? "The service is gone." : "There was no service.");
  const answer: Going | undefined = purge ? "all" : keep ? "nothing" : await asked(context);
  const going = answer ?? "nothing";
  const waitMs = service && found?.runsHere ? found.stopMs + restMs : 0;
  const removed =
    going === "nothing"
      ? []
      : await remove(context, going, waitMs).catch((error: unknown) => {
          throw service ? withService(error) : error;
        });
  if (context.json) printJson({ service, removed });
  else {
    for (const path of removed) printLine(`Removed ${path}`);
    if (going === "nothing")
      printLine(`Kept: ${configPath(context, context.configOption)}, and ${context.stateDir}`);
    printLine("The program itself: npm uninstall --global tapback");
  }
  return answer === undefined ? exitCodes.interrupted : exitCodes.done;
}

/** @returns undefined where no service manager is: then there is no service */
async function serviceOf(context: Context): Promise<RemovableService | undefined> {
  try {
    const { removableService } = await import("./service.js");
    return await removableService(context);
  } catch (error) {
    if (error instanceof TapbackError && error.code === "SERVICE_MANAGER_MISSING") return undefined;
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

/**
 * What is not known to be ours stays, and the folder with it.
 * @param waitMs how long the gateway of a service that was removed may take to end
 * @returns what was removed
 */
async function remove(context: Context, going: Taken, waitMs: number): Promise<string[]> {
  const { stateDir } = context;
  if (!existsSync(stateDir)) return [];
  const wasThere = new Set(readdirSync(stateDir));
  const lock = await lockWhenFree(stateDir, { waitMs, ...callDeps(context) });
  // Without its file the lock is another one, and a gateway could start.
  const names = readdirSync(stateDir)
    .filter((name) => isOurs(name, going))
    .sort((a, b) => Number(isLock(a)) - Number(isLock(b)));
  try {
    for (const name of names) rmSync(join(stateDir, name), { recursive: true, force: true });
  } finally {
    lock?.release();
  }
  if (going === "all" && readdirSync(stateDir).length === 0) rmdirSync(stateDir);
  return names.filter((name) => wasThere.has(name)).map((name) => join(stateDir, name));
}

function isLock(name: string): boolean {
  return name.startsWith("gateway.lock");
}

/** What was done by then is told with the error. */
function withService(error: unknown): unknown {
  if (!(error instanceof TapbackError) || error.code !== "GATEWAY_RUNNING") return error;
  return new TapbackError(error.code, `the service is gone; ${error.message}`, {
    hint: "Stop that gateway, then run `tapback uninstall` again.",
    cause: error,
  });
}
