import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";
import { until } from "../support/process-alive.js";
import { python } from "../support/python.js";
import { removeFolder } from "../support/remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");
const simulator = join(import.meta.dirname, "../../dist/simulator/main.js");

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "first-steps-"));
});

afterEach(async () => {
  await removeFolder(home);
});

const shell = (): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  TAPBACK_CONFIG: undefined,
  TAPBACK_STATE_DIR: undefined,
});

/** In this process; the first word of all, and what asks at a terminal, are the built program. */
const tapback = (...args: string[]) => commandHere(args, shell());

describe("the first steps at the command line", () => {
  it("says what to type first, and what after that", async () => {
    const before = await commandAsProgram(main, [], shell());
    expect(before.code).toBe(0);
    expect(before.stdout).toContain("tapback demo");
    expect(before.stdout).toContain("tapback init");
    expect((await tapback("init", "--yes", "--cli-path", simulator)).code).toBe(0);
    const after = await tapback();
    expect(after.stdout).toContain("tapback gateway");
    expect(after.stdout).not.toContain("tapback demo");
  });

  it("does not call a configuration fine that is not there", async () => {
    const { stdout } = await tapback("doctor");
    expect(stdout).not.toMatch(/^ok +config/m);
    expect(stdout).toMatch(/^warn +config.*tapback init/m);
    expect(stdout).toMatch(/^warn +agent\/main: the demo agent answers, because no model/m);
  });

  it("writes a first configuration that is valid and for its owner alone", async () => {
    const made = await tapback(
      "init",
      "--yes",
      "--cli-path",
      simulator,
      "--allow",
      "+1 (555) 010-0123",
      "Kim@Example.com",
    );
    expect(made.code).toBe(0);
    expect(made.stdout).not.toContain("Not found here");
    expect(made.stdout).toContain("tapback pair --owner");
    const file = join(home, ".tapback/tapback.json5");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toContain('["+15550100123","kim@example.com"]');
    expect(JSON.parse((await tapback("config", "validate", "--json")).stdout)).toMatchObject({ ok: true });
  });

  it("asks at a terminal, and ends with the phrase that makes its writer the owner", async () => {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      HOME: home,
      IMSG_SIM_HOME: home,
      TERM: "xterm-256color",
    };
    for (const name of ["TAPBACK_CONFIG", "TAPBACK_STATE_DIR", "CI"]) delete env[name];
    // Agents that this machine has are not started by a test.
    mkdirSync(join(home, "bin"));
    symlinkSync(process.execPath, join(home, "bin/node"));
    const steps = [
      { see: "Who answers", type: "\u001b[A\u001b[A\r" },
      { see: "Which program", type: "echo hello there\r" },
      { see: "Whose Messages account", type: "\u001b[B\r" },
      { see: "let yourself in with one text", type: "\r" },
      { see: "connected to Messages", type: "\u0003" },
    ];
    const command = ["env", `PATH=${join(home, "bin")}:/usr/bin:/bin`, process.execPath, main, "init"];
    command.push("--cli-path", simulator, "--catch-up");
    const run = spawnSync(python, [terminal, JSON.stringify(steps), ...command], {
      encoding: "utf8",
      env,
    });
    const { code, missed, output } = JSON.parse(run.stdout);
    expect({ code, missed }).toEqual({ code: 0, missed: null });
    expect(output).toMatch(/as an iMessage, to be let in as the owner:\s+(\S+ ){3}\S+/);
    expect(output).toMatch(/It answers:\S* hello there/);
    const file = readFileSync(join(home, ".tapback/tapback.json5"), "utf8");
    expect(file).toContain("handoff: { quietMinutes: 15 }");
    expect(file).toContain("catchup: { enabled: true }");
    expect(JSON.parse((await tapback("pair", "--check", "--json")).stdout)).toMatchObject({
      state: "open",
      owner: true,
    });
  });

  it("is interrupted when the input ends at a question", () => {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, TERM: "xterm-256color" };
    for (const name of ["TAPBACK_CONFIG", "TAPBACK_STATE_DIR", "CI"]) delete env[name];
    const steps = JSON.stringify([{ see: "Where is imsg", type: "\u0004" }]);
    const run = spawnSync(python, [terminal, steps, process.execPath, main, "init"], {
      encoding: "utf8",
      env,
    });
    const { code, output } = JSON.parse(run.stdout);
    expect(code).toBe(130);
    expect(output).not.toContain("await");
    expect(existsSync(join(home, ".tapback/tapback.json5"))).toBe(false);
  });

  it("takes a Ctrl-C at a question for no answer, and ends with 130", async () => {
    const at = (see: string, ...words: string[]) => {
      const env: NodeJS.ProcessEnv = { HOME: home, PATH: process.env.PATH, TERM: "xterm-256color" };
      const steps = JSON.stringify([{ see, type: "\u0003" }]);
      const run = spawnSync(python, [terminal, steps, process.execPath, main, ...words], {
        encoding: "utf8",
        env,
      });
      const { code, missed } = JSON.parse(run.stdout);
      return { code, missed };
    };
    const over = { code: 130, missed: null };
    expect((await tapback("init", "--yes", "--cli-path", simulator)).code).toBe(0);
    expect((await tapback("token", "add", "one", "--scopes", "read")).code).toBe(0);
    expect(at("This cannot be undone", "people", "forget", "+15550100123")).toEqual(over);
    expect(at("Which number or address", "pair")).toEqual(over);
    expect(at("What else is to go", "uninstall")).toEqual(over);
    expect(existsSync(join(home, ".tapback/state.db"))).toBe(true);
  });

  it("prints one JSON value also where the gateway runs on", async () => {
    const words = [main, "init", "--json", "--yes", "--start", "--cli-path", simulator];
    const child = spawn(process.execPath, words, { env: shell(), stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    const gone = new Promise((resolve) => child.once("close", resolve));
    try {
      await until("the gateway runs", () => existsSync(join(home, ".tapback/gateway.json")));
    } finally {
      child.kill("SIGTERM");
    }
    expect(await gone).toBe(0);
    expect(JSON.parse(said.stdout)).toEqual({ path: join(home, ".tapback/tapback.json5") });
    expect(said.stderr).toMatch(/^(\S+ ){3}\S+$/m);
  });

  it("ends an agent that is tried with 130 at a Ctrl-C", async () => {
    expect((await tapback("init", "--yes", "--no-try", "--agent", "sleep 60")).code).toBe(0);
    const tried = tapback("agents", "try", "main", "hello");
    const others = process.listenerCount("SIGINT");
    await until("the agent is asked", () => process.listenerCount("SIGINT") > others);
    process.emit("SIGINT");
    expect(await tried).toEqual({ code: 130, stdout: "", stderr: "" });
  });

  it("warns where imsg is not, and overwrites nothing unasked", async () => {
    const usual = await tapback("init", "--yes", "--cli-path", "/nowhere/imsg");
    expect(usual.stdout).toContain("Not found here: /nowhere/imsg");
    expect(usual.stdout).not.toContain("--config");
    // What is to be typed is for the file that was written.
    const file = join(home, "my file.json5");
    const named = await tapback("init", "--yes", "--cli-path", "/nowhere/imsg", "--config", file);
    expect(named.stdout).toContain(`channels.imessage.catchup.enabled true --config '${file}'`);
    expect(named.stdout).toMatch(/tapback gateway --config '.*my file\.json5' +runs it/);
    const again = await tapback("init", "--yes");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("exists already");
  });

  it("names every command in its help, and the nearest one to a slip", async () => {
    const help = await tapback("--help");
    expect(help.code).toBe(0);
    for (const name of ["demo", "init", "gateway", "channels", "pairing", "inbox", "explain", "config"])
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(help.stdout).toMatch(/\(list,\s+approve,\s+deny,\s+revoke\)/);
    const slip = await tapback("gatway");
    expect(slip.code).toBe(2);
    expect(slip.stderr).toContain("Did you mean gateway?");
  });
});
