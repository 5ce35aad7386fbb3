import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { python } from "../support/python.js";
import { ServiceLab } from "../support/service-lab.js";

const terminal = join(import.meta.dirname, "../fixtures/terminal.py");
const main = join(import.meta.dirname, "../../dist/cli/main.js");

describe("tapback service", () => {
  let lab: ServiceLab;
  beforeEach(() => {
    lab = new ServiceLab("systemctl");
  });
  afterEach(() => lab.dispose());

  const run = (...args: string[]) => lab.run("service", ...args);

  it("installs nothing where a Ctrl-C came at the question for catch-up", () => {
    mkdirSync(join(lab.folder, ".tapback"), { mode: 0o700 });
    writeFileSync(join(lab.folder, ".tapback/tapback.json5"), "{ channels: { imessage: {} } }");
    lab.realTool("ps");
    const env = { HOME: lab.folder, PATH: join(lab.folder, "bin"), TERM: "xterm-256color" };
    const steps = JSON.stringify([{ see: "while the gateway is off", type: "\u0003" }]);
    const words = [terminal, steps, process.execPath, main, "service", "install"];
    const { code, missed } = JSON.parse(spawnSync(python, words, { encoding: "utf8", env }).stdout);
    expect({ code, missed }).toEqual({ code: 130, missed: null });
    expect(existsSync(join(lab.folder, ".config/systemd/user/tapback.service"))).toBe(false);
    expect(lab.takeCalls()).toEqual([]);
  });

  it("installs, tells and removes a systemd user unit", async () => {
    lab.answers("is-active", [], "echo active");
    const file = join(lab.folder, ".config/systemd/user/tapback.service");
    expect((await run("status", "--json")).code).toBe(1);
    lab.takeCalls();
    const installed = await run("install", "--json");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(installed.stdout)).toMatchObject({
      manager: "systemd",
      file,
      installed: true,
      shellOnly: [],
      up: true,
    });
    const text = readFileSync(file, "utf8");
    expect(text).toContain(`ExecStart="${process.execPath}" "--max-semi-space-size=4" "${main}" "gateway"`);
    // A percent sign and a dollar in a path are no specifier and no variable.
    expect(text).toContain(`Environment="PATH=${join(lab.folder, "bin").replaceAll("%", "%%")}`);
    expect(text).not.toContain("SECRET");
    expect(lab.takeCalls()).toEqual([
      "--user daemon-reload",
      "--user enable tapback.service",
      "--user restart tapback.service",
    ]);
    const status = await run("status", "--json");
    expect(JSON.parse(status.stdout)).toEqual({
      manager: "systemd",
      file,
      installed: true,
      current: true,
      running: true,
      missing: [],
    });
    expect(status.code).toBe(0);
    writeFileSync(file, `${text}# older\n`);
    expect(JSON.parse((await run("status", "--json")).stdout)).toMatchObject({ current: false });
    expect(JSON.parse((await run("uninstall", "--json")).stdout)).toEqual({
      manager: "systemd",
      file,
      removed: true,
    });
    expect(existsSync(file)).toBe(false);
    expect(lab.takeCalls().slice(-2)).toEqual([
      "--user disable --now tapback.service",
      "--user daemon-reload",
    ]);
    lab.answers("is-active", [], "exit 3");
    expect(JSON.parse((await run("uninstall", "--json")).stdout)).toMatchObject({ removed: false });
  });

  it("shows what it would do, and does nothing", async () => {
    const { stdout } = await run("install", "--dry-run", "--json");
    const plan = JSON.parse(stdout);
    expect(plan.content).toContain("[Service]");
    expect(plan.commands).toContainEqual(["systemctl", "--user", "enable", "tapback.service"]);
    expect((await run("uninstall", "--dry-run")).stdout).toContain("rm ");
    expect(existsSync(dirname(plan.file))).toBe(false);
    expect(lab.takeCalls()).toEqual([]);
  });

  it("says what the service manager said, and where there is none", { tags: ["long"] }, async () => {
    const refuses = 'echo "Failed to connect to bus: No medium found" >&2; exit 1';
    for (const verb of ["daemon-reload", "enable", "restart"]) lab.answers(verb, [], refuses);
    const { file } = JSON.parse((await run("install", "--dry-run", "--json")).stdout);
    const failed = await run("install", "--json");
    // Nothing is left of it.
    expect([failed.code, existsSync(file)]).toEqual([1, false]);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: "SERVICE_MANAGER_FAILED", message: expect.stringContaining("Failed to connect to bus") },
    });
    rmSync(join(lab.folder, "bin/systemctl"));
    expect(JSON.parse((await run("install", "--json")).stdout)).toMatchObject({
      error: { code: "SERVICE_MANAGER_MISSING", hint: expect.stringContaining("gateway") },
    });
  });
});
