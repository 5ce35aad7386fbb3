import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { makeFolder, writeFileAtomic } from "../../platform/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine, styled } from "../output.js";
import { callAll, callManager } from "../service/call.js";
import { serviceManager } from "../service/find.js";

export interface ServiceOptions {
  dryRun?: boolean;
}

/** `tapback service install`: writes the service's file and starts it. `--dry-run` only shows what would be done. */
export async function install(context: Context, { dryRun }: ServiceOptions): Promise<number> {
  const manager = serviceManager(context);
  const { name, program, file, content, advice } = manager;
  const commands = manager.install.map(({ args }) => [program, ...args]);
  if (dryRun) {
    if (context.json) return json({ manager: name, file, content, commands });
    printLine(styled("dim", `# ${file}`));
    printLine(content);
    for (const words of commands) printLine(styled("dim", `# ${words.join(" ")}`));
    return exitCodes.done;
  }
  makeFolder(context.stateDir);
  makeFolder(dirname(file), 0o755);
  writeFileAtomic(file, content, 0o644);
  await callAll(manager, manager.install, context.env);
  if (context.json) return json({ manager: name, file, installed: true });
  printLine(`The gateway runs as a service now: ${file}`);
  printLine(advice);
  return exitCodes.done;
}

/** `tapback service uninstall`: stops the service and removes its file. Nothing else is touched. */
export async function uninstall(context: Context, { dryRun }: ServiceOptions): Promise<number> {
  const manager = serviceManager(context);
  const { name, program, file } = manager;
  const { before, after } = manager.uninstall;
  const wasThere = existsSync(file);
  if (dryRun) {
    const commands = [...before, ...after].map(({ args }) => [program, ...args]);
    if (context.json) return json({ manager: name, file, commands });
    for (const words of commands) printLine(words.join(" "));
    printLine(`rm ${file}`);
    return exitCodes.done;
  }
  if (wasThere) {
    await callAll(manager, before, context.env);
    rmSync(file, { force: true });
    await callAll(manager, after, context.env);
  }
  if (context.json) return json({ manager: name, file, removed: wasThere });
  printLine(wasThere ? `The service is gone: ${file}` : `There was no service: ${file}`);
  return exitCodes.done;
}

/** `tapback service status`. @returns 1 when the service is not installed, or does not run */
export async function status(context: Context): Promise<number> {
  const manager = serviceManager(context);
  const { name, file, content, ask } = manager;
  const installed = existsSync(file);
  const { exitCode, stdout } = await callManager(manager, ask.args, context.env);
  const running = installed && ask.isRunning(exitCode, stdout);
  const current = installed && readFileSync(file, "utf8") === content;
  if (context.json) printJson({ manager: name, file, installed, current, running });
  else {
    printLine(installed ? `${running ? "running" : "not running"}  ${file}` : `not installed  ${file}`);
    if (installed && !current)
      printLine(
        "It was installed for another program, PATH or configuration: `tapback service install` renews it.",
      );
  }
  return running ? exitCodes.done : exitCodes.refused;
}

function json(value: unknown): number {
  printJson(value);
  return exitCodes.done;
}
