import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { ServiceProof } from "../../doctor/index.js";
import { makeFolder, TapbackError, writeFileAtomic } from "../../platform/index.js";
import {
  appCommands,
  callAll,
  callManager,
  canMakeApp,
  type InstalledContext,
  isVersioned,
  makeApp,
  removeApp,
  runFilePath,
  type ServiceManager,
  serviceManager,
  serviceState,
  shellOnlyRemedy,
  shellOnlyVariables,
  withConfiguration,
} from "../../service/index.js";
import { offerCatchUp } from "../catch-up.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { callDeps } from "../service-calls.js";
import { asInstalled } from "../service-context.js";

export interface ServiceOptions {
  dryRun?: boolean;
  /** Whether an install switches catch-up on; absent: it is asked on a terminal. */
  catchUp?: boolean;
  /** Whether a Mac gets an app that owns the permissions; default true. */
  app?: boolean;
}

/**
 * `tapback service install`: writes the service's file, starts it, and has it tell what is left to do. `--dry-run` only shows
 * what would be done.
 * @throws TapbackError `SERVICE_NOT_UP` where it was installed and did not come up; a permission that is missing is no failure
 */
export async function install(
  context: Context,
  { dryRun, catchUp, app: wantsApp = true }: ServiceOptions,
): Promise<number> {
  const { env, home, stateDir, configOption } = context;
  const found = await withConfiguration({ env, home, stateDir, configOption });
  const manager = serviceManager({ ...found, app: wantsApp && canMakeApp(context.env) });
  const { name, file, content, app } = manager;
  if (dryRun) return tellPlan(context, manager);
  if (found.loaded) await offerCatchUp(context, found.loaded, catchUp);
  const lacking = found.loaded ? await shellOnlyVariables(found.loaded, context.env, context.variables) : [];
  makeFolder(context.stateDir);
  makeFolder(dirname(file), 0o755);
  const wasThere = existsSync(file);
  let isNewApp = false;
  let prove: Awaited<ReturnType<typeof import("../service-proof.js")["begin"]>>;
  try {
    isNewApp = app !== undefined && (await makeApp(app, context.env));
    if (app) writeFileAtomic(app.run.file, app.run.content, 0o700);
    writeFileAtomic(file, content, 0o644);
    const { begin } = await import("../service-proof.js");
    prove = await begin(context, manager, manager.install);
  } catch (error) {
    // A first install that failed leaves nothing behind; one over a service leaves that as it says now.
    if (!wasThere) await undoInstall(context, manager, isNewApp);
    throw error;
  }
  if (!app) removeAppOf(context);
  const facts = { manager: name, file, installed: true, ...(app && { app: app.path }), shellOnly: lacking };
  if (!context.json) tellInstalled(manager, lacking, isNewApp);
  return proved(context, found, facts, prove);
}

/** Takes back what a first install wrote, and has the service manager forget what it was told. */
async function undoInstall(context: Context, manager: ServiceManager, isNewApp: boolean): Promise<void> {
  const { file, uninstall: calls } = manager;
  for (const { args } of calls.before) await callManager(manager, args, context.env);
  rmSync(file, { force: true });
  for (const { args } of calls.after) await callManager(manager, args, context.env);
  rmSync(runFilePath(context.stateDir), { force: true });
  // What macOS permitted to an app that was there stays.
  if (isNewApp) removeApp(context.home);
}

function tellInstalled(
  { file, advice, content, programsIn, again }: ServiceManager,
  lacking: string[],
  isNewApp: boolean,
): void {
  printLine(`The gateway is a service now: ${file}`);
  printLine(advice);
  if (lacking.length > 0) tellShellOnly(lacking);
  if (isNewApp)
    printLine(
      "The app is new to macOS: what another one, or node, was permitted does not count for it. It stays as it is when node, Tapback or imsg are updated.",
    );
  const [node = ""] = programsIn(content);
  if (isVersioned(node))
    printLine(
      styled(
        "yellow",
        `Its path of Node names a version: ${node}. Run \`${again}\` again when you update Node.`,
      ),
    );
}

/** Ends an install and a restart: with what the service proved of itself (behaviour 1.6f). */
async function proved(
  context: Context,
  found: InstalledContext,
  facts: object,
  prove: () => Promise<ServiceProof>,
): Promise<number> {
  const { refuseInvalid, tellProof } = await import("../service-proof.js");
  refuseInvalid(context, found);
  const proof = await prove();
  if (context.json) return json({ ...facts, up: true, ...proof });
  tellProof(proof);
  return exitCodes.done;
}

/** `tapback service uninstall`: stops the service and removes its file. Nothing else is touched. */
export async function uninstall(context: Context, { dryRun }: ServiceOptions): Promise<number> {
  const { its, found } = await asInstalled(context);
  const manager = serviceManager(found);
  const { name, program, file } = manager;
  const { before, after } = manager.uninstall;
  if (dryRun) {
    const commands = [...before, ...after].map(({ args }) => [program, ...args]);
    if (context.json) return json({ manager: name, file, commands });
    for (const words of commands) printLine(words.join(" "));
    printLine(`rm ${file}`);
    if (manager.app) printLine(`rm -r ${manager.app.run.file} ${manager.app.path}`);
    return exitCodes.done;
  }
  const wasThere = await remove(its, manager);
  if (context.json) return json({ manager: name, file, removed: wasThere });
  printLine(wasThere ? `The service is gone: ${file}` : `There was no service: ${file}`);
  return exitCodes.done;
}

/** The installed service, for a command that removes it. */
export interface RemovableService {
  /** Whether it runs, on the state directory of the command. */
  runsHere: boolean;
  /** How long its gateway may take to end after it was removed, milliseconds. */
  stopMs: number;
  /**
   * Stops it and removes its files.
   * @returns whether there was one
   * @throws TapbackError `SERVICE_MANAGER_FAILED`
   */
  remove(): Promise<boolean>;
}

/** @throws TapbackError `SERVICE_MANAGER_MISSING` */
export async function removableService(context: Context): Promise<RemovableService> {
  const { its, found } = await asInstalled(context);
  const manager = serviceManager(found);
  const runs = manager.ask.isRunning(await callManager(manager, manager.ask.args, its.env));
  return {
    runsHere: runs && its.stateDir === context.stateDir,
    stopMs: manager.stopMs,
    remove: () => remove(its, manager),
  };
}

async function remove(context: Context, manager: ServiceManager): Promise<boolean> {
  const { file, ask } = manager;
  const { before, after } = manager.uninstall;
  // A service goes on without its file, until the service manager is told.
  const wasThere = existsSync(file) || ask.isLoaded(await callManager(manager, ask.args, context.env));
  if (wasThere) {
    await callAll(manager, before, callDeps(context));
    rmSync(file, { force: true });
    await callAll(manager, after, callDeps(context));
  }
  removeAppOf(context);
  return wasThere;
}

/**
 * `tapback service restart`: ends the gateway in order, starts it again, and has it tell what is left to do.
 * @throws TapbackError `SERVICE_NOT_INSTALLED`, `SERVICE_NOT_UP`
 */
export async function restart(context: Context): Promise<number> {
  const { its, found } = await asInstalled(context);
  const manager = serviceManager(found);
  const { name, file } = manager;
  if (!existsSync(file))
    throw new TapbackError("SERVICE_NOT_INSTALLED", `the gateway is no service: there is no ${file}`, {
      hint: "Install it with `tapback service install`. A gateway in a terminal is ended there with Ctrl-C.",
    });
  const { begin } = await import("../service-proof.js");
  const prove = await begin(its, manager, manager.restart);
  if (!context.json) printLine("The service was restarted.");
  return proved(context, found, { manager: name, file, restarted: true }, prove);
}

/** `tapback service status`. @returns 1 when it is not installed, does not run, or could not start again */
export async function status(context: Context): Promise<number> {
  const { its, found } = await asInstalled(context);
  const manager = serviceManager(found);
  const { name, file, again } = manager;
  const { installed, current, running, missing } = await serviceState(manager, its.env);
  if (context.json) printJson({ manager: name, file, installed, current, running, missing });
  else {
    printLine(installed ? `${running ? "running" : "not running"}  ${file}` : `not installed  ${file}`);
    for (const path of missing)
      printLine(
        `It cannot start again: ${path} is gone, perhaps with an update. \`${again}\` finds it anew.`,
      );
    if (installed && !current && missing.length === 0)
      printLine(`It was installed for another program, PATH or configuration: \`${again}\` renews it.`);
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

function tellPlan(
  context: Context,
  { name, program, file, content, install: calls, app }: ServiceManager,
): number {
  const made = app ? appCommands(app, app.path) : [];
  const commands = calls.map(({ args }) => [program, ...args]);
  if (context.json)
    return json({
      manager: name,
      file,
      content,
      commands,
      ...(app && { app: { path: app.path, commands: made, run: app.run } }),
    });
  const files = [...(app ? [app.run] : []), { file, content }];
  for (const words of made) printLine(styled("dim", `# ${words.join(" ")}`));
  for (const each of files) {
    printLine(styled("dim", `# ${each.file}`));
    printLine(each.content);
  }
  for (const words of commands) printLine(styled("dim", `# ${words.join(" ")}`));
  return exitCodes.done;
}

/** What an install with an app left, also where the service's file is gone. */
function removeAppOf({ home, stateDir }: Context): void {
  removeApp(home);
  rmSync(runFilePath(stateDir), { force: true });
}

function json(value: unknown): number {
  printJson(value);
  return exitCodes.done;
}
