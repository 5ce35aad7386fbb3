import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "vitest";
import { python } from "./python.js";
import { removeFolder } from "./remove-folder.js";

export const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");

// Asked of a newcomer's machine, too: the demo runs from the build that `npm start` makes.
if (!existsSync(main)) throw new Error("dist/ is missing: run `npm run build` first, or `npm test`");

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Where one test plays: a demo works in the folder for temporary files, and leaves nothing there. */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  readonly env: NodeJS.ProcessEnv = { ...process.env, TMPDIR: this.folder, TERM: "xterm-256color" };

  constructor() {
    delete this.env.NO_COLOR;
    // Node takes a terminal for colourless where CI is set.
    delete this.env.CI;
  }

  /** Runs a program to its end. */
  async run(command: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const child = spawn(command, args, { env: { ...this.env, ...more } });
    const ended = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => (ended[name] += text));
    }
    child.stdin.end();
    const [status] = (await once(child, "close")) as [number | null];
    return { status, ...ended };
  }

  script(more: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.run(process.execPath, [main, "demo", "--script"], more);
  }

  /** Types into a real terminal of 100 columns and 30 rows. */
  async atTerminal(steps: Step[], command: string[], more: NodeJS.ProcessEnv = {}): Promise<Played> {
    const { stdout, stderr } = await this.run(python, [terminal, JSON.stringify(steps), ...command], more);
    expect(stderr).toBe("");
    return JSON.parse(stdout) as Played;
  }

  /** Processes that work here; those of the simulator name its database. */
  processes(): string[] {
    const { stdout } = spawnSync("ps", ["-eo", "stat=,args="], { encoding: "utf8" });
    return stdout.split("\n").filter((line) => line.includes(this.folder) && !line.startsWith("Z"));
  }

  expectNothingLeft(): void {
    expect(readdirSync(this.folder)).toEqual([]);
    expect(this.processes()).toEqual([]);
  }
}

/** A test on a stage of its own; they mostly wait, so several play at once. */
export const it = base.extend<{ stage: Stage }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern what a fixture needs
  stage: async ({}, use) => {
    const stage = new Stage();
    await use(stage);
    await removeFolder(stage.folder);
  },
});

interface Played {
  output: string;
  code: number;
  left: string[];
  missed: string | null;
}

interface Step {
  /** Regular expression for what has to be on its way to the screen. */
  see: string;
  type?: string;
  resize?: [number, number];
}

/** The command line of the demo. */
export const demo = [process.execPath, main, "demo"];
