import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Mac } from "../faults/harness/mac.js";
import { until } from "../faults/harness/wait.js";
import { ServiceLab } from "../support/service-lab.js";

const simulator = join(import.meta.dirname, "../../dist/simulator/main.js");

let lab: ServiceLab;
let mac: Mac;

/** A home with a simulated Messages, and a service manager that really starts the service. */
function world(program: "launchctl" | "systemctl"): void {
  lab = new ServiceLab(program);
  lab.startsForReal();
  lab.realTool("tail");
  mac = new Mac(lab.folder);
  lab.tool("imsg", `exec '${process.execPath}' '${simulator}' "$@"`);
  mkdirSync(join(lab.folder, ".tapback"), { mode: 0o700 });
  configure({ cliPath: join(lab.folder, "bin/imsg"), dbPath: mac.dbPath });
  if (program === "systemctl") return;
  lab.appTools();
  // Messages runs; it answers what a test has it answer.
  lab.tool("pgrep", "echo 99");
  messagesSay("echo 1");
}

const configure = (imessage: object) =>
  writeFileSync(join(lab.folder, ".tapback/tapback.json5"), JSON.stringify({ channels: { imessage } }));
/** What comes of an event that is sent to Messages. @param script for sh */
const messagesSay = (script: string) => lab.tool("osascript", script);
const gateway = async () => JSON.parse((await lab.run("channels", "status", "--json")).stdout).gateway;
const app = () => join(lab.folder, "Applications/Tapback.app");

afterEach(async () => {
  await lab.run("service", "uninstall");
  // Behind an app, it ends after the service.
  await until(
    async () => (await gateway()) === null,
    () => "the gateway goes on",
    120_000,
  );
  await mac.close();
  await lab.dispose();
}, 240_000);

describe("the end of an install", { timeout: 400_000 }, () => {
  it("says on a Mac what is left to click, as the service finds it, until nothing is", async () => {
    world("launchctl");
    mac.misbehave({ kind: "permission-denied" });
    messagesSay(
      "echo 'execution error: Not authorized to send Apple events to Messages. (-1743)' >&2; exit 1",
    );
    const installed = await lab.run("service", "install", "--no-catch-up");
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    const lines = installed.stdout.split("\n");
    const from = lines.findIndex((line) => line.startsWith("Left to do"));
    expect(lines.slice(from)).toEqual([
      "Left to do, in this order:",
      " 1. database/default: macOS does not let it read the Messages database",
      expect.stringContaining(
        `Full Disk Access: click +, press Shift-Command-G, enter ${app()}, and switch it on`,
      ),
      expect.stringContaining('The screen says: "Tapback" will not have full disk access until it is quit'),
      " 2. automation: macOS does not let it control Messages, so nothing can be sent",
      expect.stringContaining("Automation: switch on Messages below Tapback."),
      expect.stringContaining('The screen says: "Tapback" wants access to control "Messages"'),
      "Then run: tapback service restart",
      "",
    ]);

    // The person gave the first, and looks at a prompt for the second.
    mac.behave();
    messagesSay("echo 'execution error: AppleEvent timed out. (-1712)' >&2; exit 1");
    const again = await lab.run("service", "restart", "--json");
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      restarted: true,
      up: true,
      accounts: [{ id: "default", connected: true }],
      left: [
        { check: "automation", detail: expect.stringContaining("a prompt is waiting"), needsRestart: true },
      ],
      next: "tapback service restart",
    });

    messagesSay("echo 1");
    const done = await lab.run("service", "restart");
    expect(done.stdout).toContain("ok    default: connected to Messages");
    expect(done.stdout).toContain("Nothing is left to do");
  });

  it("says that Messages is closed, and that no account is served", async () => {
    world("launchctl");
    messagesSay("echo closed");
    lab.tool("pgrep", "exit 1");
    const { left, next } = JSON.parse((await lab.run("service", "install", "--json")).stdout);
    expect(left).toMatchObject([{ check: "messages", remedy: expect.stringContaining("open -a Messages") }]);
    expect(next).toBe("tapback doctor");
    configure({ enabled: false });
    const none = JSON.parse((await lab.run("service", "restart", "--json")).stdout);
    expect(none).toMatchObject({
      up: true,
      accounts: [],
      left: [{ check: "accounts", remedy: expect.stringContaining("tapback init") }],
    });
  });

  it("says on Linux what is wrong with the way to Messages", async () => {
    world("systemctl");
    configure({ cliPath: join(lab.folder, "bin/none"), dbPath: mac.dbPath });
    const installed = await lab.run("service", "install", "--json");
    expect(installed.code).toBe(0);
    expect(JSON.parse(installed.stdout)).toMatchObject({
      manager: "systemd",
      up: true,
      gateway: { pid: (await gateway()).pid },
      accounts: [{ id: "default", connected: false }],
      left: [{ check: "child/default", screen: null, needsRestart: false }],
      next: "tapback doctor",
    });
    configure({ cliPath: join(lab.folder, "bin/imsg"), dbPath: mac.dbPath });
    const done = await lab.run("service", "restart");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(done.stdout).toContain("connected to Messages");
    expect(done.stdout).toContain("Nothing is left to do");
  });

  it("fails with the words of the log where the service does not come up", async () => {
    world("launchctl");
    const state = join(lab.folder, ".tapback");
    chmodSync(state, 0o777);
    const failed = await lab.run("service", "install", "--json");
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      error: {
        code: "SERVICE_NOT_UP",
        message: expect.stringMatching(/ended after it was started; its log ends with:\n.*others can write/s),
        hint: expect.stringContaining("tapback service logs"),
      },
    });
    chmodSync(state, 0o700);
    configure({ nonsense: 1 });
    const waits = await lab.run("service", "install", "--json");
    expect(waits.code).toBe(1);
    expect(JSON.parse(waits.stdout)).toMatchObject({
      error: { code: "SERVICE_NOT_UP", hint: expect.stringContaining("tapback config validate") },
    });
    rmSync(join(state, "tapback.json5"));
  });
});
