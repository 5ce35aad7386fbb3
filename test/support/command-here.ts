import { execFile } from "node:child_process";
import { run } from "../../src/cli/program.js";
import { runCommand } from "../../src/simulator/cli/run.js";
import { inThisProcess, type Ran } from "./in-this-process.js";

export type { Ran };

/**
 * Runs `tapback` in this process, for a test of what a command says and does. Not for one that asks at a terminal, takes signals
 * or outlives the test's patience.
 * @param words of its command line
 * @param env its environment
 * @param input what its standard input holds
 */
export function commandHere(words: string[], env: NodeJS.ProcessEnv, input?: string): Promise<Ran> {
  return inThisProcess(() => run(words), env, input);
}

/** Runs a command of `imsg-sim` in this process; not `rpc`, which is {@link ImsgHere}'s. @param env its environment */
export function simulatorHere(words: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  const serveWorlds = () => Promise.reject(new Error("a program's"));
  return inThisProcess(() => runCommand(words, { serveWorlds }), env);
}

/** Runs a command as a program, to its end. @param main the built `tapback`, or another script */
export function commandAsProgram(main: string, words: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
    child.stdin?.end();
  });
}
