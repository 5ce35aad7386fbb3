import { execFile } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSimulator, type Settings, type Simulator, simulatorProgram } from "../../src/simulator.js";
import { removeFolder } from "../support/remove-folder.js";
import { RpcChild } from "./rpc-client.js";

/** What a command printed. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A tool with imsg's interface, and the world whose database it reads. */
export interface ImsgUnderTest {
  /** The program and its leading arguments. */
  command: string[];
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

/** Puts a tool in front of a new world. @param command the tool; the simulator itself when absent */
export async function underTest(settings: Partial<Settings>, command?: string[]): Promise<ImsgUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "imsg-contract-"));
  const world = openSimulator(folder, settings);
  const tool = command ?? [process.execPath, simulatorProgram()];
  const children: RpcChild[] = [];
  // The simulator finds the world by it where a command takes no `--db`.
  const env = { ...process.env, IMSG_SIM_HOME: folder };
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const [program = "", ...leading] = tool;
      execFile(program, [...leading, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  const version = command === undefined ? world.settings().version : (await run("--version")).stdout.trim();
  return {
    command: tool,
    version,
    world,
    rpc() {
      const child = new RpcChild(tool, ["--db", world.dbPath]);
      children.push(child);
      return child;
    },
    run: (...args) => run(...args, ...(withoutDatabase.includes(args[0]!) ? [] : ["--db", world.dbPath])),
    async close() {
      for (const { child, exited } of children) {
        child.kill("SIGKILL");
        await exited;
      }
      world.close();
      await removeFolder(folder);
    },
  };
}

/** Whether a version is another or later; both as `1.2.3`. */
export function atLeast(have: string, wanted: string): boolean {
  return have.localeCompare(wanted, "en", { numeric: true }) >= 0;
}
