import { reachByTcp, toolsOf } from "../bridge/index.js";
import { configPath } from "../config/index.js";
import { proveService, runningGateway, type ServiceProof } from "../doctor/index.js";
import { shellWord, systemClock, TapbackError } from "../platform/index.js";
import {
  callAll,
  callManager,
  type InstalledContext,
  type ManagerCall,
  type ServiceManager,
} from "../service/index.js";
import type { Context } from "./context.js";
import { printLine, styled } from "./output.js";
import { callDeps } from "./service-calls.js";

/** How long a gateway may take to start when nothing holds it up, milliseconds. */
const startMs = 60_000;
/** Newest lines of the log that are told where it did not start. */
const logLines = 3;

/** Has the service manager begin the service. @returns what proves later that it came up */
export async function begin(
  context: Context,
  manager: ServiceManager,
  calls: ManagerCall[],
): Promise<() => Promise<ServiceProof>> {
  const { stateDir, env } = context;
  const before = (await runningGateway(stateDir))?.gateway;
  const deps = callDeps(context);
  await callAll(manager, calls, deps);
  return () =>
    proveService({
      watch: {
        stateDir,
        clock: systemClock,
        before,
        limitMs: manager.stopMs + startMs,
        isRunning: async () => manager.ask.isRunning(await callManager(manager, manager.ask.args, env)),
        log: () => newestLog(manager, env),
        onProgress: deps.onProgress,
      },
      judgedCommand: manager.name === "launchd" ? manager.commandIn(manager.content) : undefined,
      run: toolsOf(env),
      reach: reachByTcp,
    });
}

/** @throws TapbackError `SERVICE_NOT_UP`: with an invalid configuration the service waits for its file (behaviour 1.6a) */
export function refuseInvalid(context: Context, found: InstalledContext): void {
  if (found.loaded !== undefined) return;
  const file = configPath(found, found.configOption);
  const isUsual = file === configPath(context, context.configOption);
  const judge = isUsual
    ? "`tapback config validate`"
    : `\`tapback config validate --config ${shellWord(file)}\``;
  throw new TapbackError(
    "SERVICE_NOT_UP",
    "the service is installed and waits: the configuration cannot be used",
    {
      hint: `${judge} tells what is wrong; the gateway starts by itself when that was corrected.`,
    },
  );
}

/** Tells a person what the service proved of itself, and what is left to do. */
export function tellProof({ gateway, accounts, left, next }: ServiceProof): void {
  printLine(`\nIt is up: version ${gateway.version}, pid ${gateway.pid}.`);
  for (const { id, connected } of accounts)
    if (connected) printLine(`${styled("green", "ok  ")}  ${id}: connected to Messages`);
  if (next === null) {
    printLine("Nothing is left to do. Let yourself in: tapback pair --owner");
    return;
  }
  printLine(styled("yellow", "Left to do, in this order:"));
  for (const [index, { check, detail, remedy, screen }] of left.entries()) {
    printLine(` ${index + 1}. ${check}: ${detail}`);
    printLine(`    ${remedy}`);
    if (screen !== null) printLine(`    The screen says: ${screen}`);
  }
  printLine(`Then run: ${styled("bold", next)}`);
}

async function newestLog(manager: ServiceManager, env: NodeJS.ProcessEnv): Promise<string> {
  const { program, args } = manager.logs(logLines, false);
  const { exitCode, stdout } = await callManager({ program, stopMs: 0 }, args, env);
  return exitCode === 0 ? stdout.trim() : "";
}
