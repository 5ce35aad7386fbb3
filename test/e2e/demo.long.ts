import { spawn } from "node:child_process";
import { describe, expect } from "vitest";
import { demo, it, main } from "../support/demo-stage.js";
import { until } from "../support/process-alive.js";

describe.concurrent("tapback demo --script", { timeout: 120_000 }, () => {
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
