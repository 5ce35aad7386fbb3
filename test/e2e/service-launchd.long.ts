import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServiceLab } from "../support/service-lab.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const running = "echo '\tstate = running'";
const gone = "echo 'Could not find service' >&2; exit 113";

describe("tapback service with launchd", () => {
  let lab: ServiceLab;
  beforeEach(() => {
    lab = new ServiceLab();
  });
  afterEach(() => lab.dispose());

  const asks = () => `print ${lab.service}`;
  const begins = () => `bootstrap ${lab.domain} ${lab.plist}`;

  it("installs a launchd agent for this user alone", async () => {
    const config = join(lab.folder, "my.json5");
    writeFileSync(config, "{}");
    expect(await lab.run("service", "install", "--config", config)).toMatchObject({ code: 0, stderr: "" });
    const text = readFileSync(lab.plist, "utf8");
    for (const word of [process.execPath, main, "gateway", "--config", config])
      expect(text).toContain(`<string>${word.replaceAll("&", "&amp;")}</string>`);
    expect(text).not.toContain("SECRET");
    expect(statSync(lab.plist).mode & 0o022).toBe(0);
    expect(lab.takeCalls()).toEqual([`enable ${lab.service}`, `bootout ${lab.service}`, asks(), begins()]);
    lab.answers("print", [], running);
    expect((await lab.run("service", "status", "--config", config)).stdout).toContain("running  ");
  });

  it("begins the new service when the one before is gone, and says what it waits for", async () => {
    lab.answers("bootout", [], "echo 'Boot-out failed: 36: Operation now in progress' >&2; exit 36");
    lab.answers("print", [running, running, running], gone);
    const installed = await lab.run("service", "install");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toContain("waiting until the running gateway has ended, at most 35 s");
    expect(lab.takeCalls()).toEqual([
      `enable ${lab.service}`,
      `bootout ${lab.service}`,
      ...[asks(), asks(), asks(), asks()],
      begins(),
    ]);
  });

  it("tries again while launchd is not ready", async () => {
    lab.answers("bootstrap", [
      "echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5",
      "echo 'Bootstrap failed: 37: Operation already in progress' >&2; exit 37",
    ]);
    const installed = await lab.run("service", "install");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toContain("trying again");
    expect(lab.takeCalls().slice(-3)).toEqual([begins(), begins(), begins()]);
  });

  it("shows all that launchctl said", async () => {
    lab.answers("bootstrap", [], "echo 'line one\nline two' >&2; exit 107");
    const failed = await lab.run("service", "install");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("line one\nline two");
    expect(lab.takeCalls().filter((call) => call.startsWith("bootstrap"))).toHaveLength(1);
  });

  it("names a user who is not logged in at the screen", async () => {
    lab.answers(
      "bootstrap",
      [],
      "echo 'Bootstrap failed: 125: Domain does not support specified action' >&2; exit 125",
    );
    const failed = await lab.run("service", "install", "--json");
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: { code: "SERVICE_NO_DESKTOP", hint: expect.stringContaining("Mac's own screen") },
    });
  });

  it("ends a service whose file is gone", async () => {
    lab.answers("print", [running, running], gone);
    expect(JSON.parse((await lab.run("service", "uninstall", "--json")).stdout)).toMatchObject({
      removed: true,
    });
    expect(lab.takeCalls()).toEqual([asks(), `bootout ${lab.service}`, asks(), asks()]);
    expect(JSON.parse((await lab.run("service", "uninstall", "--json")).stdout)).toMatchObject({
      removed: false,
    });
  });

  it("restarts in order, and only what is installed", async () => {
    expect(JSON.parse((await lab.run("service", "restart", "--json")).stdout)).toMatchObject({
      error: { code: "SERVICE_NOT_INSTALLED" },
    });
    await lab.run("service", "install");
    const text = readFileSync(lab.plist, "utf8");
    // What runs has the time that it was installed with.
    writeFileSync(lab.plist, text.replace("<integer>30</integer>", "<integer>90</integer>"));
    lab.takeCalls();
    lab.answers("print", [running, running], gone);
    const restarted = await lab.run("service", "restart");
    expect(restarted).toMatchObject({ code: 0, stderr: "" });
    expect(restarted.stdout).toContain("at most 95 s");
    expect(lab.takeCalls()).toEqual([
      `enable ${lab.service}`,
      `bootout ${lab.service}`,
      ...[asks(), asks(), asks()],
      begins(),
    ]);
    expect((await lab.run("service", "uninstall")).code).toBe(0);
    expect(existsSync(lab.plist)).toBe(false);
  });

  it("prints the newest lines of the log", async () => {
    lab.realTool("tail");
    const log = join(lab.folder, ".tapback/gateway.log");
    expect((await lab.run("service", "logs")).stderr).toContain("tail");
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, "one\ntwo\nthree\n");
    expect((await lab.run("service", "logs", "--lines", "2")).stdout).toBe("two\nthree\n");
    expect(JSON.parse((await lab.run("service", "logs", "--json")).stdout)).toEqual({
      lines: ["one", "two", "three"],
    });
    expect((await lab.run("service", "logs", "--lines", "some")).code).toBe(2);
    rmSync(log);
  });

  it("keeps the gateway alive whatever ends it, with what launchd leaves out", async () => {
    writeFileSync(join(lab.folder, "my.json5"), "{ gateway: { shutdownGraceMs: 60000 } }");
    const { stdout } = await lab.run(
      "service",
      "install",
      "--dry-run",
      "--json",
      "--config",
      join(lab.folder, "my.json5"),
    );
    const { content } = JSON.parse(stdout);
    expect(content).toMatch(/<key>KeepAlive<\/key>\s*<true\/>/);
    expect(content).toMatch(/<key>ProcessType<\/key>\s*<string>Interactive</);
    expect(content).toMatch(/<key>ExitTimeOut<\/key>\s*<integer>80</);
    expect(content).toMatch(/<key>LANG<\/key>\s*<string>en_US.UTF-8</);
    expect(content).toMatch(/<key>TAPBACK_SERVICE<\/key>\s*<string>launchd</);
    expect(content).toMatch(/<key>PATH<\/key>\s*<string>[^<]*\/bin:\/opt\/homebrew\/bin:\/usr\/local\/bin:/);
  });

  it("tells in status and doctor when Node or the program is gone", async () => {
    await lab.run("service", "install");
    lab.answers("print", [], running);
    const doctor = async () =>
      JSON.parse((await lab.run("doctor", "--json")).stdout).find(
        ({ check }: { check: string }) => check === "service",
      );
    expect(await doctor()).toMatchObject({ level: "ok" });
    const gone = "/opt/homebrew/Cellar/node/24.9.0/bin/node";
    writeFileSync(lab.plist, readFileSync(lab.plist, "utf8").replace(process.execPath, gone));
    const status = await lab.run("service", "status", "--json");
    expect(status.code).toBe(1);
    expect(JSON.parse(status.stdout)).toMatchObject({ running: true, current: false, missing: [gone] });
    expect((await lab.run("service", "status")).stdout).toContain(`${gone} is gone`);
    expect(await doctor()).toMatchObject({
      level: "fail",
      detail: expect.stringContaining(gone),
      remedy: expect.stringContaining("tapback service install"),
    });
  });

  it("offers catch-up, and says what happens without it", async () => {
    const file = join(lab.folder, ".tapback/tapback.json5");
    mkdirSync(dirname(file), { mode: 0o700 });
    writeFileSync(file, "{ channels: { imessage: {} } }");
    const told = await lab.run("service", "install");
    expect(told.stdout).toMatch(/restart or an update of this machine, is not answered/);
    expect(told.stdout).toContain("tapback config set channels.imessage.catchup.enabled true");
    expect(await lab.run("service", "install", "--catch-up")).toMatchObject({ code: 0, stderr: "" });
    expect(readFileSync(file, "utf8")).toMatch(/catchup.*enabled.*true/s);
    expect((await lab.run("service", "install")).stdout).not.toContain("is not answered");
  });
});
