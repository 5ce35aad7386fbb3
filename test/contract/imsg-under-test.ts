import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSimulator, type Settings, type Simulator, simulatorProgram } from "../../src/simulator.js";
import { simulatorPath } from "../faults/harness/gateway-process.js";
import { type Ran, simulatorHere } from "../support/command-here.js";
import { ImsgHere } from "../support/imsg-here.js";
import { removeFolder } from "../support/remove-folder.js";
import { RpcChild } from "./rpc-client.js";

/** The simulator as a program, for tests of what a process does. */
export const asProgram = [process.execPath, simulatorProgram()];

/** A tool with imsg's interface, and the world whose database it reads. */
export interface ImsgUnderTest {
  /** Its version, e.g. `0.9.0`. */
  version: string;
  /** The other side; the tool reads its `chat.db`. */
  world: Simulator;
  /** Starts `rpc`. Ended by {@link close}. */
  rpc(): RpcChild;
  /** Runs one command to its end, on the world's database. */
  run(...args: string[]): Promise<Ran>;
  close(): Promise<void>;
}

/** Commands that take no `--db` (protocol reference 5). */
const withoutDatabase = ["status", "launch", "completions"];

/** Puts a tool in front of a new world. @param tool a program and its leading arguments; the simulator in this process when absent */
export async function underTest(settings: Partial<Settings>, tool?: string[]): Promise<ImsgUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "imsg-contract-"));
  const world = openSimulator(folder, settings);
  const here = new ImsgHere(folder);
  const children: RpcChild[] = [];
  const run = (args: string[]): Promise<Ran> => {
    // The simulator finds the world by it where a command takes no `--db`.
    const env = { ...process.env, IMSG_SIM_HOME: folder };
    return tool === undefined ? simulatorHere(args, env) : runProgram([...tool, ...args], env);
  };
  return {
    version: (await run(["--version"])).stdout.trim(),
    world,
    rpc() {
      const args = ["--db", world.dbPath];
      const child =
        tool === undefined
          ? new RpcChild(here.start(["rpc", ...args], simulatorPath, process.env))
          : RpcChild.of(tool, args);
      children.push(child);
      return child;
    },
    run: (...args) => run([...args, ...(withoutDatabase.includes(args[0]!) ? [] : ["--db", world.dbPath])]),
    async close() {
      for (const child of children) {
        child.kill("SIGKILL");
        await child.exited;
      }
      world.close();
      await removeFolder(folder);
    },
  };
}

function runProgram([program = "", ...args]: string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

/** Whether a version is another or later; both as `1.2.3`. */
export function atLeast(have: string, wanted: string): boolean {
  return have.localeCompare(wanted, "en", { numeric: true }) >= 0;
}
