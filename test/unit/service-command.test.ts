import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { lockState } from "../../src/control/index.js";
import { commandHere } from "../support/command-here.js";
import { playGateway } from "../support/played-gateway.js";

let home: string;
let end: () => Promise<void>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-service-"));
  mkdirSync(join(home, "bin"));
  writeFileSync(join(home, "bin/systemctl"), "#!/bin/sh\necho active\n", { mode: 0o755 });
  end = async () => {};
});
afterEach(async () => {
  await end();
  rmSync(home, { recursive: true, force: true });
});

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  HOME: home,
  PATH: join(home, "bin"),
  NO_COLOR: "1",
  ...more,
});
const service = (words: string[], more?: NodeJS.ProcessEnv) => commandHere(["service", ...words], env(more));

/** Writes the unit that an install in such an environment would write. */
async function install(words: string[], more?: NodeJS.ProcessEnv): Promise<void> {
  const { stdout } = await service(["install", "--dry-run", "--json", ...words], more);
  const { file, content } = JSON.parse(stdout);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

it("restarts a service of another configuration while the usual one is broken", async () => {
  const [mine, usual] = [join(home, "my.json5"), join(home, ".tapback/tapback.json5")];
  mkdirSync(dirname(usual), { mode: 0o700 });
  writeFileSync(mine, "{ gateway: { shutdownGraceMs: 60000 } }");
  writeFileSync(usual, "broken");
  await install(["--config", mine]);
  expect(JSON.parse((await service(["status", "--json"])).stdout)).toMatchObject({ current: true });
  end = await playGateway(join(home, ".tapback"));
  const { code, stdout } = await service(["restart", "--json"]);
  expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ restarted: true, up: true })]);
});

it("says of its own configuration that the service waits for it", async () => {
  const mine = join(home, "my.json5");
  writeFileSync(mine, "broken");
  await install(["--config", mine]);
  const { code, stdout } = await service(["restart", "--json"]);
  expect([code, JSON.parse(stdout)]).toEqual([
    1,
    {
      error: expect.objectContaining({
        code: "SERVICE_NOT_UP",
        hint: expect.stringContaining(`\`tapback config validate --config ${mine}\``),
      }),
    },
  ]);
});

it("restarts, and prints how to renew, a service of another state directory", async () => {
  const state = join(home, "state");
  await install([], { TAPBACK_STATE_DIR: state });
  expect(JSON.parse((await service(["status", "--json"])).stdout)).toMatchObject({
    ...{ installed: true, current: true, running: true, missing: [] },
  });
  end = await playGateway(state);
  expect((await service(["restart", "--json"])).code).toBe(0);
  const elsewhere = { PATH: `${join(home, "bin")}:/elsewhere` };
  expect((await service(["status"], elsewhere)).stdout).toContain(
    `\`TAPBACK_STATE_DIR=${state} tapback service install\` renews it.`,
  );
});

const uninstall = async (...words: string[]) => {
  const { code, stdout } = await commandHere(["uninstall", ...words, "--json"], env());
  return { code, ...JSON.parse(stdout) };
};
const unit = () => join(home, ".config/systemd/user/tapback.service");
const kept = () => join(home, ".tapback/state.db");

/** The service manager says of the service whether it runs, and writes down what it is told. @param stop what it does at a stop */
function manager(running: boolean, stop = "true"): void {
  const script = `case "$2" in is-active) ${running ? "echo active" : "exit 3"};; disable) ${stop};; esac`;
  writeFileSync(join(home, "bin/systemctl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

it("removes neither the service nor the state beside a gateway that the service does not end", async () => {
  await install([]);
  mkdirSync(join(home, ".tapback"), { mode: 0o700 });
  writeFileSync(kept(), "");
  manager(false);
  end = await playGateway(join(home, ".tapback"));
  expect(await uninstall("--purge")).toMatchObject({ code: 1, error: { code: "GATEWAY_RUNNING" } });
  expect([existsSync(unit()), existsSync(kept())]).toEqual([true, true]);
  // Where nothing of the state is to go, it does not matter.
  expect(await uninstall("--keep")).toEqual({ code: 0, service: true, removed: [] });
  expect([existsSync(unit()), existsSync(kept())]).toEqual([false, true]);
});

it("waits for the gateway of the service that it removes", async () => {
  await install([]);
  mkdirSync(join(home, ".tapback"), { mode: 0o700 });
  writeFileSync(kept(), "");
  manager(true, `: >"${home}/stopped"`);
  end = await playGateway(join(home, ".tapback"));
  const lock = lockState(join(home, ".tapback"), join(home, ".tapback/s"), 0);
  const over = uninstall("--purge");
  await vi.waitUntil(() => existsSync(join(home, "stopped")), { timeout: 20_000 });
  // The socket is closed before the gateway has settled the rest.
  await end();
  expect(existsSync(kept())).toBe(true);
  lock.release();
  expect(await over).toEqual({ code: 0, service: true, removed: expect.arrayContaining([kept()]) });
  expect(existsSync(join(home, ".tapback"))).toBe(false);
});
