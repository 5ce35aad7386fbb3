import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServiceLab } from "../support/service-lab.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const running = "echo '\tstate = running'";

describe("the app that owns the permissions", () => {
  let lab: ServiceLab;
  beforeEach(() => {
    lab = new ServiceLab();
    lab.appTools();
  });
  afterEach(() => lab.dispose());

  const app = () => join(lab.folder, "Applications/Tapback.app");
  const applet = () => join(app(), "Contents/MacOS/applet");
  const runFile = () => join(lab.folder, ".tapback/service.sh");
  const started = () =>
    /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(readFileSync(lab.plist, "utf8"))![1]!;
  const made = () => lab.takeCalls().filter((call) => call.startsWith("osacompile")).length;

  it("is made before the service that goes through it, and names nothing that an update changes", async () => {
    const installed = await lab.run("service", "install");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    expect(installed.stdout).toContain("new to macOS");
    const calls = lab.takeCalls().map((call) => call.split(" ")[0]);
    expect(calls.filter((word, index) => word !== calls[index - 1])).toEqual([
      "osacompile",
      "plutil",
      "codesign",
      "enable",
      "bootout",
      "print",
      "bootstrap",
    ]);
    expect(started().match(/<string>/g)).toHaveLength(1);
    expect(started()).toContain(`<string>${applet().replaceAll("&", "&amp;")}</string>`);
    const sealed = readFileSync(join(app(), "Contents/sealed"), "utf8");
    for (const words of [
      "CFBundleIdentifier -string com.tapback.gateway",
      "LSUIElement -bool true",
      "NSAppleEventsUsageDescription -string Tapback sends",
      runFile(),
    ])
      expect(sealed).toContain(words);
    for (const changing of [process.execPath, main]) {
      expect(sealed).not.toContain(changing);
      expect(readFileSync(runFile(), "utf8")).toContain(`'${changing}'`);
    }
    expect(statSync(runFile()).mode & 0o777).toBe(0o700);
    expect(readFileSync(runFile(), "utf8")).not.toContain("SECRET");
    expect(readdirSync(join(lab.folder, "Applications"))).toEqual(["Tapback.app"]);
  });

  it("stays as it is when the service is installed again, for another Node too", async () => {
    await lab.run("service", "install");
    expect(made()).toBe(1);
    writeFileSync(
      runFile(),
      readFileSync(runFile(), "utf8").replaceAll(process.execPath, "/old/node/24.9.0/bin/node"),
    );
    lab.answers("print", [], running);
    const status = async () => JSON.parse((await lab.run("service", "status", "--json")).stdout);
    expect(await status()).toMatchObject({ current: false, missing: ["/old/node/24.9.0/bin/node"] });
    lab.answers("print", [], "exit 113");
    const again = await lab.run("service", "install");
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(again.stdout).not.toContain("new to macOS");
    expect(made()).toBe(0);
    lab.answers("print", [], running);
    expect(await status()).toMatchObject({ current: true, running: true, missing: [] });
  });

  it("is made anew where it is gone, which status and doctor tell", async () => {
    await lab.run("service", "install");
    rmSync(app(), { recursive: true });
    lab.answers("print", [], running);
    expect((await lab.run("service", "status")).stdout).toContain(`${applet()} is gone`);
    const findings = JSON.parse((await lab.run("doctor", "--json")).stdout);
    expect(findings.find(({ check }: { check: string }) => check === "service")).toMatchObject({
      level: "fail",
    });
    lab.answers("print", [], "exit 113");
    lab.takeCalls();
    await lab.run("service", "install");
    expect(made()).toBe(1);
  });

  it("goes with --no-app and with uninstall, but never one of somebody else", async () => {
    await lab.run("service", "install");
    expect(await lab.run("service", "install", "--no-app")).toMatchObject({ code: 0, stderr: "" });
    expect([existsSync(app()), existsSync(runFile())]).toEqual([false, false]);
    expect(started()).toContain(`<string>${process.execPath}</string>`);
    await lab.run("service", "install");
    expect(existsSync(app())).toBe(true);
    expect((await lab.run("service", "uninstall", "--dry-run")).stdout).toContain(app());
    await lab.run("service", "uninstall");
    expect([existsSync(app()), existsSync(runFile()), existsSync(lab.plist)]).toEqual([false, false, false]);
    mkdirSync(join(app(), "Contents"), { recursive: true });
    const refused = await lab.run("service", "install", "--json");
    expect(JSON.parse(refused.stdout)).toMatchObject({
      error: { code: "SERVICE_APP_FAILED", hint: expect.stringContaining("--no-app") },
    });
    await lab.run("service", "uninstall");
    expect(existsSync(app())).toBe(true);
  });

  it("leaves no service and no half of it where it cannot be made", async () => {
    writeFileSync(join(lab.folder, "codesign fails"), "");
    const failed = await lab.run("service", "install");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/codesign failed: errSecInternalComponent/);
    expect(readdirSync(join(lab.folder, "Applications"))).toEqual([]);
    expect(existsSync(lab.plist)).toBe(false);
  });

  it("is shown before anything is done", async () => {
    const { stdout } = await lab.run("service", "install", "--dry-run");
    for (const words of [
      "# osacompile -o",
      "# codesign --force --sign -",
      `# ${runFile()}`,
      `# ${lab.plist}`,
    ])
      expect(stdout).toContain(words);
    expect(existsSync(app())).toBe(false);
  });
});
