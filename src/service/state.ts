import { existsSync, readFileSync } from "node:fs";
import { callManager } from "./call.js";
import type { ServiceManager } from "./manager.js";

/** What there is of the service on this machine. */
export interface ServiceState {
  installed: boolean;
  /** Whether the service's file is as an install would write it. */
  current: boolean;
  running: boolean;
  /** Paths of Node, of the program and of the app that lead nowhere: it cannot be started again. */
  missing: string[];
}

/** Reads the service's file and asks the service manager (behaviour 1.6b). */
export async function serviceState(manager: ServiceManager, env: NodeJS.ProcessEnv): Promise<ServiceState> {
  const { file, content, ask, app } = manager;
  const written = readIfThere(file);
  const running = ask.isRunning(await callManager(manager, ask.args, env));
  return {
    installed: written !== undefined,
    current: written === content && (!app || readIfThere(app.run.file) === app.run.content),
    running: written !== undefined && running,
    missing: written === undefined ? [] : manager.programsIn(written).filter((path) => !existsSync(path)),
  };
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
