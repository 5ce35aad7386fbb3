import { join } from "node:path";
import type { ArgumentReader } from "../ssh/arguments.js";

/** How imsg is started. */
export interface ImsgCommand {
  /** The program, or a wrapper script that speaks the same over stdio (behaviour 1.1). */
  cliPath: string;
  /** Handed over as it stands; imsg expands `~` itself, on its own machine. */
  dbPath?: string;
  /** Where a `~/` in front of `cliPath` leads; without it `cliPath` is used as it stands. */
  home?: string;
  /** Environment of the child; by default that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Who reads the arguments before imsg; by default nobody. */
  argumentReader?: ArgumentReader;
}

/** The program's path with `~/` led to the home folder. */
export function programOf(command: ImsgCommand): string {
  const { cliPath, home } = command;
  return home !== undefined && cliPath.startsWith("~/") ? join(home, cliPath.slice(2)) : cliPath;
}
