import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ImsgClient } from "../../../src/bridge/index.js";
import { parseConfig, resolveAccount } from "../../../src/config/index.js";
import { checkAccount } from "../../../src/doctor/account.js";
import { probeAccount } from "../../../src/gateway/index.js";
import { openSimulator, simulatorProgram } from "../../../src/simulator.js";
import { freePort, noSshd, Sshd } from "../../support/sshd.js";

describe.skipIf(noSshd)(`the way to a Mac behind a real sshd ${noSshd ?? ""}`, () => {
  let sshd: Sshd;
  const folder = mkdtempSync(join(tmpdir(), "tapback-way-"));
  const mac = openSimulator(folder, {});
  const installImsg = () =>
    sshd.install("imsg", `#!/bin/sh\nexec "${process.execPath}" "${simulatorProgram()}" "$@"\n`);

  beforeAll(async () => {
    sshd = await Sshd.start();
    installImsg();
  });
  afterEach(() => {
    sshd.trust();
    sshd.letIn();
    sshd.line.restore();
    installImsg();
  });
  afterAll(async () => {
    mac.close();
    rmSync(folder, { recursive: true, force: true });
    await sshd?.close();
  });

  const account = async (cliPath: string, more: Record<string, unknown> = {}) => {
    const imessage = { cliPath, dbPath: mac.dbPath, probeTimeoutMs: 8000, ...more };
    const parsed = await parseConfig(JSON.stringify({ channels: { imessage } }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    return resolveAccount(parsed.value.config, "default")!;
  };
  /** What `channels status --probe` says first, and what the child of a running gateway says. */
  const told = async (cliPath = sshd.wrapper(), more: Record<string, unknown> = {}) => {
    const settings = await account(cliPath, more);
    const { stages, verdict } = await probeAccount(settings, folder);
    const client = new ImsgClient({ cliPath, dbPath: mac.dbPath });
    await client.call("chats.list", {}, { timeoutMs: 4000, graceMs: 0 }).catch(() => {});
    const answered = client.lastAnswerAt !== undefined;
    await client.close();
    const { code } = await client.closed;
    return {
      verdict,
      remedy: stages.find(({ ok }) => !ok)?.remedy,
      code: answered && code === "BRIDGE_STOPPED" ? "works" : code,
    };
  };
  // The line to the Mac is of this process, which must not stand still meanwhile.
  const shell = (command: string) => promisify(execFile)("sh", ["-c", command]);
  const commandsIn = (remedy: string) => [...remedy.matchAll(/`([^`]+)`/g)].map(([, command]) => command!);
  const elsewhere = (host: string, options = "") =>
    sshd.wrapper(`#!/bin/sh\nexec ssh -F ${sshd.config} ${options} -T ${host} imsg "$@"\n`, "elsewhere");

  it("works", { tags: ["long"] }, async () => {
    expect(await told()).toMatchObject({ verdict: "works", code: "works" });
    const findings = await checkAccount(await account(sshd.wrapper()), folder);
    expect(findings.filter(({ level }) => level === "fail")).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain("ssh/default");
    // What concerns this machine's own Messages is not asked.
    expect(findings.map(({ check }) => check)).not.toContain("automation/default");
  });

  it("names each failure, with its remedy", { tags: ["long"] }, async () => {
    const nobody = await freePort();
    expect(await told(elsewhere("no-such-host.invalid"))).toMatchObject({
      code: "SSH_HOST_UNKNOWN",
      verdict: expect.stringContaining("name of the Mac cannot be resolved"),
    });
    expect(await told(elsewhere("mac", `-p ${nobody}`))).toMatchObject({
      code: "SSH_REFUSED",
      remedy: expect.stringContaining("Remote Login"),
    });
    sshd.distrust();
    expect(await told(elsewhere("mac", "-o BatchMode=yes"))).toMatchObject({
      code: "SSH_HOST_KEY_UNKNOWN",
      remedy: expect.stringMatching(/`ssh .* mac`/),
    });
    sshd.trust();
    sshd.lockOut();
    expect(await told()).toMatchObject({
      code: "SSH_LOGIN_REFUSED",
      remedy: expect.stringContaining("authorized_keys"),
    });
    sshd.letIn();
    rmSync(join(sshd.bin, "imsg"));
    expect(await told()).toMatchObject({
      code: "IMSG_NOT_FOUND",
      remedy: expect.stringContaining("/opt/homebrew/bin/imsg"),
    });
  });

  it("tells a changed host key, a broken line and a silent one apart", { tags: ["long"] }, async () => {
    await sshd.changeHostKey();
    const changed = await told();
    expect(changed).toMatchObject({ code: "SSH_HOST_KEY_CHANGED", remedy: expect.any(String) });
    // Each command of the remedy does what it says, as it is printed.
    const [forget, connect] = commandsIn(changed.remedy!);
    await shell(forget!);
    expect(sshd.knows()).toBe(false);
    await shell(`${connect} -o StrictHostKeyChecking=accept-new true`);
    expect(sshd.knows()).toBe(true);
    const client = new ImsgClient({ cliPath: sshd.wrapper(), dbPath: mac.dbPath });
    await client.call("chats.list", {});
    sshd.line.cut();
    expect((await client.closed).code).toBe("SSH_DROPPED");
    const silent = new ImsgClient({ cliPath: sshd.wrapper(), dbPath: mac.dbPath });
    await silent.call("chats.list", {});
    sshd.line.stall();
    await silent.call("chats.list", {}, { timeoutMs: 300, graceMs: 0 }).catch(() => {});
    const hung = await silent.closed;
    expect(hung).toMatchObject({ code: "CHILD_HUNG", hint: expect.stringContaining("ServerAliveInterval") });
    expect(await told(sshd.wrapper(), { probeTimeoutMs: 1500 })).toMatchObject({
      verdict: expect.stringContaining("does not answer"),
    });
    sshd.line.cut();
  });

  it("tells a wrapper that holds answers back", { tags: ["long"] }, async () => {
    const buffering = sshd.wrapper(
      `#!/bin/bash\nout=$(mktemp)\ntrap 'rm -f "$out"' EXIT\nssh -F ${sshd.config} -T mac imsg "$@" >"$out"\ncat "$out"\n`,
      "buffers",
    );
    expect(await told(buffering, { remoteHost: "mac", probeTimeoutMs: 4000 })).toMatchObject({
      code: "WRAPPER_BUFFERS",
    });
    const findings = await checkAccount(await account(buffering), folder);
    expect(findings.find(({ check }) => check === "wrapper/default")).toMatchObject({ level: "warn" });
    expect(JSON.stringify(findings)).toContain("holds them back");
  });

  it("does not try a wrapper that is no program", async () => {
    const path = sshd.wrapper(undefined, "not-executable");
    chmodSync(path, 0o644);
    expect(await told(path)).toMatchObject({ code: "IMSG_NOT_EXECUTABLE" });
  });
});
