import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../support/process-alive.js";
import { removeFolder } from "../support/remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");

// Asked of a newcomer's machine, too: the demo runs from the build that `npm start` makes.
if (!existsSync(main)) throw new Error("dist/ is missing: run `npm run build` first, or `npm test`");

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "demo-test-"));
  env = { ...process.env, TMPDIR: folder, TERM: "xterm-256color" };
  delete env.NO_COLOR;
  // Node takes a terminal for colourless where CI is set.
  delete env.CI;
});

afterEach(async () => {
  await removeFolder(folder);
});

/** Processes that work in this test's folder; those of the simulator name its database. */
function processesHere(): string[] {
  const { stdout } = spawnSync("ps", ["-eo", "stat=,args="], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(folder) && !line.startsWith("Z"));
}

function expectNothingLeft(): void {
  expect(readdirSync(folder)).toEqual([]);
  expect(processesHere()).toEqual([]);
}

function playScript(more: NodeJS.ProcessEnv = {}, args: string[] = []) {
  return spawnSync(process.execPath, [main, "demo", "--script", ...args], {
    encoding: "utf8",
    env: { ...env, ...more },
  });
}

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

/** Types into a real terminal of 100 columns and 30 rows. */
function atTerminal(steps: Step[], command: string[], more: NodeJS.ProcessEnv = {}): Played {
  const run = spawnSync("python3", [terminal, JSON.stringify(steps), ...command], {
    encoding: "utf8",
    env: { ...env, ...more },
  });
  expect(run.stderr).toBe("");
  return JSON.parse(run.stdout) as Played;
}

const demo = [process.execPath, main, "demo"];

describe("tapback demo --script", { timeout: 120_000 }, () => {
  it("plays the conversation, prints it with times, and every message has its answer", () => {
    const { status, stdout, stderr } = playScript();
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
    expectNothingLeft();
  });

  it("does the same where nobody looks, and with --json tells it to a program", () => {
    const { status, stdout } = spawnSync(process.execPath, [main, "demo", "--json"], {
      encoding: "utf8",
      env,
    });
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
    expectNothingLeft();
  });

  it("exits 1 and names the message when its answer does not stand in Messages", () => {
    // Messages takes the third answer and says "Not Delivered" afterwards.
    const fault = [{ kind: "undelivered", method: "send", after: 2, times: 1 }];
    const { status, stderr } = playScript({ IMSG_SIM_FAULTS: JSON.stringify(fault) });
    expect(status).toBe(1);
    expect(stderr).toContain("“help” from Mia Wong");
    expect(stderr).not.toContain("“my name is Mia”");
    expectNothingLeft();
  });

  it("ends with everything it started when it is interrupted", async () => {
    const child = spawn(process.execPath, [main, "demo", "--script"], { env, stdio: "ignore" });
    await until("the simulator runs", () => processesHere().length > 0);
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGINT");
    expect(await gone).toBe(130);
    expectNothingLeft();
  });
});

describe("tapback demo at a terminal", { timeout: 180_000 }, () => {
  it("answers a message after one key approved its sender, follows resizes, and leaves nothing behind", () => {
    const played = atTerminal(
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
    expectNothingLeft();
  });

  it("ends cleanly on Ctrl-C while a message waits, without colours where none are wanted", () => {
    const played = atTerminal(
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
    expectNothingLeft();
  });

  it("goes line by line where the input is no keyboard", () => {
    const script = `printf 'hello\\n/approve\\nwhat is 6*7?\\n' | "$0" "$1" demo`;
    const played = atTerminal([], ["sh", "-c", script, process.execPath, main]);
    expect(played.code).toBe(0);
    expect(played.output).toMatch(/you +.*hello/);
    expect(played.output).toMatch(/Your pairing code: [A-Z2-9]{8}/);
    expect(played.output).toContain("Hello Mia Wong!");
    expect(played.output).toContain("6*7 = 42");
    expect(played.left).toEqual([]);
    expectNothingLeft();
  });
});
