import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, describe, expect } from "vitest";
import { until } from "../support/process-alive.js";
import { removeFolder } from "../support/remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");

// Asked of a newcomer's machine, too: the demo runs from the build that `npm start` makes.
if (!existsSync(main)) throw new Error("dist/ is missing: run `npm run build` first, or `npm test`");

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Where one test plays: a demo works in the folder for temporary files, and leaves nothing there. */
class Stage {
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
    const { stdout, stderr } = await this.run("python3", [terminal, JSON.stringify(steps), ...command], more);
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
const it = base.extend<{ stage: Stage }>({
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

const demo = [process.execPath, main, "demo"];

describe.concurrent("tapback demo --script", { timeout: 120_000 }, () => {
  it("plays the conversation, prints it with times, and every message has its answer", async ({ stage }) => {
    const { status, stdout, stderr } = await stage.script();
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}Mia Wong {3}hello$/m);
    expect(stdout).toMatch(/Your pairing code: [A-Z2-9]{8}/);
    expect(stdout).toMatch(/\$ tapback pairing approve imessage [A-Z2-9]{8} --replay/);
    expect(stdout).toMatch(/Tapback {4}Hello Mia Wong! I am the demo agent/);
    expect(stdout).toContain("Reminder: stretch");
    expect(stdout).toContain("15% of 80 = 12");
    expect(stdout).toContain("3 participants");
    expect(stdout).toMatch(/Tapback {4}❤️ on “react with a heart”/);
    expect(stdout).toContain("(sent with confetti)");
    expect(stdout).toContain("↪ “@tapback reply in a thread”");
    expect(stdout).toMatch(/Poll: tea or coffee\?\n +○ tea\n +○ coffee/);
    expect(stdout).toMatch(/\[file sunset.*\.png\]/);
    expect(stdout).toMatch(/15 messages, every one answered \(18 answers in Messages\)/);
    // No terminal, no colours.
    expect(stdout).not.toContain("\u001b");
    stage.expectNothingLeft();
  });

  it("does the same where nobody looks, and with --json tells it to a program", async ({ stage }) => {
    const { status, stdout } = await stage.run(process.execPath, [main, "demo", "--json"]);
    const told = JSON.parse(stdout) as {
      ok: boolean;
      messages: { text: string; answers: string[]; ok: boolean }[];
      transcript: { from: string; text: string; at: string }[];
    };
    expect(status).toBe(0);
    expect(told.ok).toBe(true);
    expect(told.messages.every(({ ok }) => ok)).toBe(true);
    const exotic = told.messages.find(({ text }) => text.includes("\u2028"))!;
    expect(exotic.answers).toEqual([exotic.text.replace("echo ", "")]);
    const long = told.messages.find(({ text }) => text === "count to 200")!;
    expect(long.answers.length).toBe(2);
    expect(told.transcript.length).toBe(33);
    stage.expectNothingLeft();
  });

  it("exits 1 and names the message when its answer does not stand in Messages", async ({ stage }) => {
    // Messages takes the third answer and says "Not Delivered" afterwards.
    const fault = [{ kind: "undelivered", method: "send", after: 2, times: 1 }];
    const { status, stderr } = await stage.script({ IMSG_SIM_FAULTS: JSON.stringify(fault) });
    expect(status).toBe(1);
    expect(stderr).toContain("“help” from Mia Wong");
    expect(stderr).not.toContain("“my name is Mia”");
    stage.expectNothingLeft();
  });

  it("ends with everything it started when it is interrupted", async ({ stage }) => {
    const child = spawn(process.execPath, [main, "demo", "--script"], { env: stage.env, stdio: "ignore" });
    await until("the simulator runs", () => stage.processes().length > 0);
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGINT");
    expect(await gone).toBe(130);
    stage.expectNothingLeft();
  });
});

describe.concurrent("tapback demo at a terminal", { timeout: 180_000 }, () => {
  it("answers a message after one key approved its sender, follows resizes, and leaves nothing behind", async ({
    stage,
  }) => {
    const played = await stage.atTerminal(
      [
        { see: "Write hello", type: "hello\r" },
        { see: " Tab .*approves the code [A-Z2-9]{8}", type: "\t" },
        {
          see: "Hello Mia Wong! I am the demo agent",
          type: "my name is 家族 👩‍👩‍👧\u007f!\r",
          resize: [60, 20],
        },
        { see: "my name is 家族 !", type: "what is 6*7?\r", resize: [130, 40] },
        { see: "6\\*7 = 42", type: "react with a heart\r" },
        { see: "❤️", type: "/quit\r" },
      ],
      demo,
    );
    expect(played.missed).toBeNull();
    expect(played.code).toBe(0);
    expect(played.left).toEqual([]);
    // Two panes: what the gateway did stands beside it.
    expect(played.output).toContain("held: pairing offered");
    expect(played.output).toMatch(/agent main took \d+ ms/);
    // The first page of the terminal is back, with a line on it.
    expect(played.output).toMatch(/\u001b\[\?1049l.*That was the demo/s);
    expect(played.output).toContain("\u001b[48;5;26;");
    stage.expectNothingLeft();
  });

  it("ends cleanly on Ctrl-C while a message waits, without colours where none are wanted", async ({
    stage,
  }) => {
    const played = await stage.atTerminal(
      [
        { see: "Write hello", type: "hello\r" },
        { see: "hello.*▕", type: "\u0003" },
      ],
      demo,
      { NO_COLOR: "1" },
    );
    expect(played.missed).toBeNull();
    expect(played.code).toBe(0);
    expect(played.left).toEqual([]);
    expect(played.output).toContain("\u001b[?1049l");
    expect(played.output).not.toMatch(/\u001b\[(?:\d+;)*[34]\d(?:;\d+)*m/);
    stage.expectNothingLeft();
  });

  it("goes line by line where the input is no keyboard", async ({ stage }) => {
    const script = `printf 'hello\\n/approve\\nwhat is 6*7?\\n' | "$0" "$1" demo`;
    const played = await stage.atTerminal([], ["sh", "-c", script, process.execPath, main]);
    expect(played.code).toBe(0);
    expect(played.output).toMatch(/you +.*hello/);
    expect(played.output).toMatch(/Your pairing code: [A-Z2-9]{8}/);
    expect(played.output).toContain("Hello Mia Wong!");
    expect(played.output).toContain("6*7 = 42");
    expect(played.left).toEqual([]);
    stage.expectNothingLeft();
  });
});
