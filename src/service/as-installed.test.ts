import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installedContext, withConfiguration } from "./as-installed.js";
import { serviceManager } from "./find.js";
import type { ServiceContext } from "./plan.js";
import { serviceState } from "./state.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback $HOME & 100% "));
  mkdirSync(join(home, "bin"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, name), text, { mode: 0o600 });
  return join(home, name);
};

describe.each([
  ["systemd", "systemctl", undefined],
  ["launchd", "launchctl", false],
  ["launchd, through an app", "launchctl", true],
] as const)("a service of %s", (_, program, app) => {
  const mark = app === false ? " --no-app" : "";
  const here = (env: object = {}, configOption?: string): Omit<ServiceContext, "shutdownGraceMs"> => {
    const says = program === "systemctl" ? "echo active" : "echo '\tstate = running'";
    writeFileSync(join(home, "bin", program), `#!/bin/sh\n${says}\n`, { mode: 0o755 });
    return { env: { PATH: join(home, "bin"), ...env }, home, stateDir: join(home, ".tapback"), configOption };
  };

  async function install(from: Omit<ServiceContext, "shutdownGraceMs">): Promise<void> {
    const manager = serviceManager({ ...(await withConfiguration(from)), app });
    const files = [manager, ...(manager.app ? [manager.app.run] : [])];
    for (const each of files) {
      mkdirSync(dirname(each.file), { recursive: true });
      writeFileSync(each.file, each.content);
    }
    if (!manager.app) return;
    mkdirSync(dirname(manager.app.program), { recursive: true });
    writeFileSync(manager.app.program, "");
  }

  it("is judged by the configuration that it was installed with, also for the time that it has to end", async () => {
    const config = file("my.json5", "{ gateway: { shutdownGraceMs: 60000 } }");
    file(".tapback/tapback.json5", "broken");
    await install(here({}, config));
    const found = await installedContext(here());
    expect(found).toMatchObject({ configOption: config, loaded: { path: config }, shutdownGraceMs: 60_000 });
    expect(await serviceState(serviceManager(found), found.env)).toMatchObject({
      current: true,
      missing: [],
    });
    // Another one that is named is another one.
    const other = file("other.json5", "{}");
    const named = await installedContext(here({}, other));
    expect(named.loaded?.path).toBe(other);
    const manager = serviceManager(named);
    expect((await serviceState(manager, named.env)).current).toBe(false);
    // What runs has the time that it was installed with.
    expect(manager.stopMs).toBe(80_000);
  });

  it("is judged by the state directory that it was installed with, and installed again with it", async () => {
    const state = join(home, "my state");
    const text = `{ gateway: { shutdownGraceMs: 40000 }, messages: { responsePrefix: "\${FROM_ITS_FILE}" } }`;
    const config = file("my state/tapback.json5", text);
    file("my state/env", "FROM_ITS_FILE=a\n");
    const own = here({ TAPBACK_STATE_DIR: state });
    await install({ ...own, env: { ...own.env, FROM_ITS_FILE: "a" }, stateDir: state });
    const found = await installedContext(here());
    expect(found).toMatchObject({ stateDir: state, loaded: { path: config }, shutdownGraceMs: 40_000 });
    const manager = serviceManager(found);
    expect(await serviceState(manager, found.env)).toMatchObject({ current: true, missing: [] });
    expect(manager.again).toBe(`TAPBACK_STATE_DIR='${state}' tapback service install${mark}`);
    // One that the shell names is another one.
    const elsewhere = join(home, "elsewhere");
    const other = await installedContext({ ...here({ TAPBACK_STATE_DIR: elsewhere }), stateDir: elsewhere });
    expect([other.stateDir, other.loaded?.source]).toEqual([elsewhere, undefined]);
    expect((await serviceState(serviceManager(other), other.env)).current).toBe(false);
  });

  it("of the usual place names no state directory, and is of it", async () => {
    await install(here());
    const found = await installedContext(here());
    expect(found).toMatchObject({ stateDir: join(home, ".tapback"), configOption: undefined });
    const manager = serviceManager(found);
    expect((await serviceState(manager, found.env)).current).toBe(true);
    expect(manager.again).toBe(`tapback service install${mark}`);
  });
});
