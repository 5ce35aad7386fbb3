import { join } from "node:path";
import { type StartedProgram, startProgram } from "../../platform/index.js";
import type { ArgumentReader } from "../ssh/arguments.js";

/**
 * Starts imsg.
 * @param args its command line
 * @param cliPath what the account names as its program
 * @throws where it cannot be started
 */
export type StartImsg = (args: readonly string[], cliPath: string) => StartedProgram;

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
  /** Starts it in another way than as the program at `cliPath`. */
  start?: StartImsg | undefined;
  /** Asked right before each call that changes something; refused with `LEASE_OVER` where it says no. Absent: it always may. */
  mayWrite?: (() => boolean) | undefined;
}

/** The program's path with `~/` led to the home folder. */
export function programOf(command: ImsgCommand): string {
  const { cliPath, home } = command;
  return home !== undefined && cliPath.startsWith("~/") ? join(home, cliPath.slice(2)) : cliPath;
}

/** Starts imsg as its command says: as a program of its own, unless that brings another way. */
export function startImsg(command: ImsgCommand, args: readonly string[]): StartedProgram {
  if (command.start !== undefined) return command.start(args, command.cliPath);
  return startProgram(programOf(command), args, command.env);
}
