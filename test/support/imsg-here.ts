import { join } from "node:path";
import { type StartedProgram, startProgram } from "../../src/platform/index.js";
import { InProcessChild } from "../../src/simulator/one-process/child.js";
import { plainPipe } from "../../src/simulator/one-process/pipe.js";
import { systemHost } from "../../src/simulator/world/host.js";
import { simulatorPath } from "../faults/harness/gateway-process.js";

/** What a child in this process answers; whatever else is asked of imsg by command is a program's. */
const played = ["rpc", "status", "--version"];

/** Numbers of children that no process of this machine has. */
const firstPid = 2 ** 30;

/**
 * The `imsg` of a folder inside this process, on the machine's own time and files, so that other processes may change its
 * world meanwhile. A child costs a thousandth of a program's start.
 */
export class ImsgHere {
  readonly #children = new Set<number>();
  #nextPid = firstPid;

  /** @param folder of the world that commands without a `--db` are about */
  constructor(private readonly folder: string) {}

  /**
   * Starts it, or the program that an account names where that is not the simulator alone.
   * @param args of its command line
   * @param cliPath the program that the account names
   * @param env of that program
   */
  start(args: readonly string[], cliPath: string, env: NodeJS.ProcessEnv): StartedProgram {
    const isOurs = cliPath === join(this.folder, "imsg") || cliPath === simulatorPath;
    if (!isOurs || !played.includes(args[0]!)) return startProgram(cliPath, args, env);
    const child = new InProcessChild(this.#nextPid++, args, {
      folder: this.folder,
      host: {
        ...systemHost,
        isAlive: (pid) => this.#children.has(pid) || systemHost.isAlive(pid),
      },
      pipes: plainPipe,
      ended: ({ pid }) => this.#children.delete(pid),
    });
    if (child.isAlive) this.#children.add(child.pid);
    return { child, signal: (signal) => child.signal(signal) };
  }
}
