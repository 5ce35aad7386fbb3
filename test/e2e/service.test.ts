import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = join(import.meta.dirname, "../../dist/cli/main.js");

describe("tapback service", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tapback service $HOME & 100% "));
    mkdirSync(join(folder, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const calls = () => {
    const file = join(folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  };
  /** A service manager that writes down what it is asked, and answers as told. */
  const manager = (name: "systemctl", script = "exit 0") => {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\necho "$*" >>"$(dirname "$0")/../calls"\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const run = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      // Only sh's own tools beside the fake: the machine's own service manager must not be found.
      const tools = join(folder, "tools");
      mkdirSync(tools, { recursive: true });
      for (const tool of ["dirname"])
        if (!existsSync(join(tools, tool)))
          writeFileSync(join(tools, tool), `#!/bin/sh\nexec /usr/bin/${tool} "$@"\n`, { mode: 0o755 });
      const env = {
        HOME: folder,
        PATH: [join(folder, "bin"), tools].join(delimiter),
        NO_COLOR: "1",
        SECRET_TOKEN: "must not be kept",
      };
      execFile(process.execPath, [main, "service", ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });

  it("installs, tells and removes a systemd user unit", async () => {
    manager("systemctl", 'case "$*" in *is-active*) echo active;; esac');
    const file = join(folder, ".config/systemd/user/tapback.service");
    expect((await run("status", "--json")).code).toBe(1);
    const installed = await run("install", "--json");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(installed.stdout)).toEqual({
      manager: "systemd",
      file,
      installed: true,
      shellOnly: [],
    });
    const text = readFileSync(file, "utf8");
    expect(text).toContain(`ExecStart="${process.execPath}" "--max-semi-space-size=4" "${main}" "gateway"`);
    // A percent sign and a dollar in a path are no specifier and no variable.
    expect(text).toContain(`Environment="PATH=${join(folder, "bin").replaceAll("%", "%%")}`);
    expect(text).not.toContain("SECRET");
    expect(calls().slice(1)).toEqual([
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
    expect(calls().slice(-2)).toEqual(["--user disable --now tapback.service", "--user daemon-reload"]);
    manager("systemctl", "exit 3");
    expect(JSON.parse((await run("uninstall", "--json")).stdout)).toMatchObject({ removed: false });
  });

  it("shows what it would do, and does nothing", async () => {
    manager("systemctl");
    const { stdout } = await run("install", "--dry-run", "--json");
    const plan = JSON.parse(stdout);
    expect(plan.content).toContain("[Service]");
    expect(plan.commands).toContainEqual(["systemctl", "--user", "enable", "tapback.service"]);
    expect((await run("uninstall", "--dry-run")).stdout).toContain("rm ");
    expect(existsSync(dirname(plan.file))).toBe(false);
    expect(calls()).toEqual([]);
  });

  it("says what the service manager said, and where there is none", async () => {
    expect(JSON.parse((await run("install", "--json")).stdout)).toMatchObject({
      error: { code: "SERVICE_MANAGER_MISSING", hint: expect.stringContaining("gateway") },
    });
    manager("systemctl", 'echo "Failed to connect to bus: No medium found" >&2; exit 1');
    const failed = await run("install", "--json");
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: "SERVICE_MANAGER_FAILED", message: expect.stringContaining("Failed to connect to bus") },
    });
  });
});
