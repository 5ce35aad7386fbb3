import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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
