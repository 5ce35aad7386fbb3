import { existsSync, readFileSync } from "node:fs";
import { callManager } from "./call.js";
import type { ServiceManager } from "./manager.js";

/** What there is of the service on this machine. */
export interface ServiceState {
  installed: boolean;
  /** Whether the service's file is as an install would write it. */
  current: boolean;
  running: boolean;
  /** Paths of Node and of the program in its file that lead nowhere: it cannot be started again. */
  missing: string[];
}

/** Reads the service's file and asks the service manager (behaviour 1.6b). */
export async function serviceState(manager: ServiceManager, env: NodeJS.ProcessEnv): Promise<ServiceState> {
  const { file, content, ask } = manager;
  const written = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const running = ask.isRunning(await callManager(manager, ask.args, env));
  return {
    installed: written !== undefined,
    current: written === content,
    running: written !== undefined && running,
    missing:
      written === undefined ? [] : programsOf(manager.commandIn(written)).filter((path) => !existsSync(path)),
  };
}

/** @returns Node and the program of a command line */
function programsOf([node, ...rest]: string[]): string[] {
  return [node, rest.find((word) => !word.startsWith("-"))].filter((path) => path !== undefined);
}
