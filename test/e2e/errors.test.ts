import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandAsProgram, commandHere } from "../support/command-here.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "errors-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const shell = (): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  TAPBACK_STATE_DIR: join(home, "state"),
  TAPBACK_CONFIG: undefined,
});

/** In this process. What becomes of an editor and of the output is shown by the built program, and one error of each kind. */
const tapback = (...args: string[]) => commandHere(args, shell());

/** The one JSON value that stdout holds. */
async function errorOf(...args: string[]): Promise<{ code: string; message: string; hint?: string }> {
  const { stdout, stderr } = await tapback(...args, "--json");
  expect(stderr).toBe("");
  return (JSON.parse(stdout) as { error: { code: string; message: string; hint?: string } }).error;
}

describe("errors at the command line", () => {
  it("carry their code in text as in JSON, and say what to do", async () => {
    const { code, stdout, stderr } = await commandAsProgram(main, ["explain", "last"], shell());
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr.split("\n")).toEqual([
      `error: there is no state in ${join(home, "state")} yet [NO_STATE]`,
      "Start the gateway first with `tapback gateway`.",
      "",
    ]);
    expect(await errorOf("explain", "last")).toMatchObject({ code: "NO_STATE" });
  });

  it("say what their code asks for where they have no hint of their own", async () => {
    const remedy = "Run the command with --help to see how it is used.";
    expect((await tapback("retry")).stderr).toBe(
      `error: name a message, or use --failed or --reason [USAGE]\n${remedy}\n`,
    );
    expect(await errorOf("retry")).toMatchObject({ code: "USAGE", hint: remedy });
    const file = join(home, "empty.json5");
    writeFileSync(file, "{}");
    expect(await errorOf("config", "unset", "logging.level", "--config", file)).toMatchObject({
      code: "CONFIG_PATH_NOT_FOUND",
      hint: expect.stringContaining("tapback config get"),
    });
  });

  it("tell each problem of a configuration on a line of its own", async () => {
    const file = join(home, "bad.json5");
    writeFileSync(file, '{ channels: { imessage: { dmPolcy: "open" } },\n  sessoin: {} }');
    const { code, stderr } = await tapback("channels", "status", "--config", file);
    expect(code).toBe(3);
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      "error: the configuration has 2 problems: [CONFIG_INVALID]",
      `${file}:1:27 channels.imessage.dmPolcy: unknown key; did you mean dmPolicy?`,
      `${file}:2:3 sessoin: unknown key; did you mean session?`,
    ]);
  });

  it("are the same for a slip of the keyboard", async () => {
    const slip = await commandAsProgram(main, ["pairing", "aprove"], shell());
    expect([slip.code, slip.stdout]).toEqual([2, ""]);
    expect(slip.stderr).toMatch(/^error: unknown command 'aprove' \[USAGE\]\nDid you mean approve\?/);
    expect((await errorOf("pairing", "aprove")).hint).toContain("Did you mean approve?");
    expect(await errorOf("pairing")).toMatchObject({
      code: "USAGE",
      message: "pairing needs one of list, approve, deny, revoke",
    });
  });

  it("say what the command of another system is called here", async () => {
    expect(await errorOf("status")).toMatchObject({
      code: "USAGE",
      hint: "Here it is `tapback channels status`.",
    });
    expect((await errorOf("gateway", "status")).hint).toBe("Here it is `tapback service status`.");
    expect((await tapback("pairing", "list", "--channel", "imessage")).code).toBe(0);
  });

  it("name the command that help does not know, and find it at any depth", async () => {
    expect((await tapback("help", "pairing", "approve")).stdout).toContain("Usage: tapback pairing approve");
    const unknown = await tapback("help", "pairing", "aprove");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("unknown command 'aprove' [USAGE]");
  });

  it("do not come from an EDITOR that is empty", () => {
    // Found through PATH, where nothing is called vi.
    const { stderr } = spawnSync(process.execPath, [main, "config", "edit"], {
      encoding: "utf8",
      env: { HOME: home, PATH: home, EDITOR: " ", VISUAL: "" },
    });
    expect(stderr).toMatch(/^error: vi could not be started: .* \[EDITOR_FAILED\]\nSet EDITOR/);
  });

  it("say where a file or a folder is that cannot be used", async () => {
    const blocked = join(home, "state");
    writeFileSync(blocked, "a file where the state directory should be");
    expect(await errorOf("init", "--yes")).toMatchObject({
      code: "CONFIG_UNREADABLE",
      hint: expect.any(String),
    });
    const inNoFile = await errorOf(
      "config",
      "set",
      "logging.level",
      "debug",
      "--config",
      "/proc/nope/x.json5",
    );
    expect(inNoFile).toMatchObject({ code: "CONFIG_UNWRITABLE", hint: expect.any(String) });
    const folder = await tapback("config", "validate", "--config", home);
    expect([folder.code, folder.stdout]).toEqual([3, `error ${home}: this is a folder; expected a file\n`]);
    expect((await tapback("doctor")).stdout).toContain(`${blocked} is no folder`);
  });

  it("say that the state is damaged, in doctor too", async () => {
    mkdirSync(join(home, "state"));
    writeFileSync(join(home, "state/state.db"), "this is no database ".repeat(500));
    expect(await errorOf("inbox")).toMatchObject({
      code: "STORE_DAMAGED",
      hint: expect.stringContaining("backup"),
    });
    const findings = JSON.parse((await tapback("doctor", "--json")).stdout) as {
      check: string;
      level: string;
    }[];
    expect(findings).toContainEqual(expect.objectContaining({ check: "state.database", level: "fail" }));
  });

  it.runIf(existsSync("/dev/full"))("say that the output could not be written", () => {
    const run = (words: string) =>
      spawnSync("bash", ["-c", `"${process.execPath}" "${main}" ${words} > /dev/full`], {
        encoding: "utf8",
        env: { ...process.env, HOME: home },
      });
    const { status, stderr } = run("config schema");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: .*ENOSPC.* \[OUTPUT_LOST\]\n$/)]);
    expect(run("--version").stderr).not.toContain("at ");
  });

  it("do not come from whoever stops reading", () => {
    for (const program of ["cli/main.js", "simulator/main.js"]) {
      const script = join(import.meta.dirname, "../../dist", program);
      const run = `"${process.execPath}" "${script}" --help | true; "${process.execPath}" "${script}" nope 2>&1 | true`;
      const { stderr } = spawnSync("bash", ["-c", run], {
        encoding: "utf8",
        env: { ...process.env, HOME: home },
      });
      expect(stderr).toBe("");
    }
  });
});
