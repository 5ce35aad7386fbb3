import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, systemClock, TapbackError, writeFileAtomic } from "../../platform/index.js";
import {
  type CallDeps,
  callAll,
  callManager,
  isVersioned,
  type ServiceManager,
  serviceManager,
  serviceState,
  shellOnlyRemedy,
  shellOnlyVariables,
} from "../../service/index.js";
import { offerCatchUp } from "../catch-up.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { serviceContext } from "../service-context.js";

export interface ServiceOptions {
  dryRun?: boolean;
  /** Whether an install switches catch-up on; absent: it is asked on a terminal. */
  catchUp?: boolean;
}

/** `tapback service install`: writes the service's file and starts it. `--dry-run` only shows what would be done. */
export async function install(context: Context, { dryRun, catchUp }: ServiceOptions): Promise<number> {
  const found = await serviceContext(context);
  const manager = serviceManager(found);
  const { name, program, file, content, advice } = manager;
  const commands = manager.install.map(({ args }) => [program, ...args]);
  if (dryRun) {
    if (context.json) return json({ manager: name, file, content, commands });
    printLine(styled("dim", `# ${file}`));
    printLine(content);
    for (const words of commands) printLine(styled("dim", `# ${words.join(" ")}`));
    return exitCodes.done;
  }
  if (found.loaded) await offerCatchUp(context, found.loaded, catchUp);
  const lacking = found.loaded ? await shellOnlyVariables(found.loaded, context.env, context.variables) : [];
  makeFolder(context.stateDir);
  makeFolder(dirname(file), 0o755);
  writeFileAtomic(file, content, 0o644);
  await callAll(manager, manager.install, depsOf(context));
  if (context.json) return json({ manager: name, file, installed: true, shellOnly: lacking });
  printLine(`The gateway runs as a service now: ${file}`);
  printLine(advice);
  if (lacking.length > 0) tellShellOnly(lacking);
  const [node = ""] = manager.commandIn(content);
  if (isVersioned(node))
    printLine(
      styled(
        "yellow",
        `Its path of Node names a version: ${node}. Run \`tapback service install\` again when you update Node.`,
      ),
    );
  return exitCodes.done;
}

/** `tapback service uninstall`: stops the service and removes its file. Nothing else is touched. */
export async function uninstall(context: Context, { dryRun }: ServiceOptions): Promise<number> {
  const manager = await managerOf(context);
  const { name, program, file, ask } = manager;
  const { before, after } = manager.uninstall;
  if (dryRun) {
    const commands = [...before, ...after].map(({ args }) => [program, ...args]);
    if (context.json) return json({ manager: name, file, commands });
    for (const words of commands) printLine(words.join(" "));
    printLine(`rm ${file}`);
    return exitCodes.done;
  }
  // A service goes on without its file, until the service manager is told.
  const wasThere = existsSync(file) || ask.isLoaded(await callManager(manager, ask.args, context.env));
  if (wasThere) {
    await callAll(manager, before, depsOf(context));
    rmSync(file, { force: true });
    await callAll(manager, after, depsOf(context));
  }
  if (context.json) return json({ manager: name, file, removed: wasThere });
  printLine(wasThere ? `The service is gone: ${file}` : `There was no service: ${file}`);
  return exitCodes.done;
}

/** `tapback service restart`: ends the gateway in order and starts it again. @throws TapbackError `SERVICE_NOT_INSTALLED` */
export async function restart(context: Context): Promise<number> {
  const manager = await managerOf(context);
  const { name, file } = manager;
  if (!existsSync(file))
    throw new TapbackError("SERVICE_NOT_INSTALLED", `the gateway is no service: there is no ${file}`, {
      hint: "Install it with `tapback service install`. A gateway in a terminal is ended there with Ctrl-C.",
    });
  await callAll(manager, manager.restart, depsOf(context));
  if (context.json) return json({ manager: name, file, restarted: true });
  printLine("The service was restarted.");
  return exitCodes.done;
}

/** `tapback service status`. @returns 1 when it is not installed, does not run, or could not start again */
export async function status(context: Context): Promise<number> {
  const manager = await managerOf(context);
  const { name, file } = manager;
  const { installed, current, running, missing } = await serviceState(manager, context.env);
  if (context.json) printJson({ manager: name, file, installed, current, running, missing });
  else {
    printLine(installed ? `${running ? "running" : "not running"}  ${file}` : `not installed  ${file}`);
    for (const path of missing)
      printLine(
        `It cannot start again: ${path} is gone, perhaps with an update. \`tapback service install\` finds it anew.`,
      );
    if (installed && !current && missing.length === 0)
      printLine(
        "It was installed for another program, PATH or configuration: `tapback service install` renews it.",
      );
  }
  return running && missing.length === 0 ? exitCodes.done : exitCodes.refused;
}

/** What works in this terminal and would not in the service (behaviour 1.6d). */
function tellShellOnly(names: string[]): void {
  printLine(
    styled(
      "yellow",
      `Only this shell has ${names.join(", ")}: the service does not. Keep what it needs where it finds it:`,
    ),
  );
  printLine(shellOnlyRemedy(names));
  printLine("tapback service restart");
}

/** The service manager of this machine, for the configuration as it is now. */
async function managerOf(context: Context): Promise<ServiceManager> {
  return serviceManager(await serviceContext(context));
}

function depsOf({ env, json: asJson }: Context): CallDeps {
  return {
    env,
    clock: systemClock,
    onProgress: (text) => {
      if (!asJson) printLine(styled("dim", text));
    },
  };
}

function json(value: unknown): number {
  printJson(value);
  return exitCodes.done;
}
