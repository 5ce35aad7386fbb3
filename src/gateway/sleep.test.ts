import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import { parseConfig } from "../config/index.js";
import { askGateway } from "../control/index.js";
import { createLog } from "../platform/index.js";
import { createGateway, type Gateway } from "./index.js";

let folder: string;
let gateway: Gateway;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sleep-"));
});
afterEach(async () => {
  await gateway.stop();
  await removeFolder(folder);
});

it("keeps a Mac awake as the configuration says, and tells when it slept", async () => {
  const calls = join(folder, "calls");
  const caffeinate = `#!/bin/sh\necho "$*" >>"${calls}"\nwhile :; do sleep 0.1; done\n`;
  writeFileSync(join(folder, "launchctl"), "#!/bin/sh\n", { mode: 0o755 });
  writeFileSync(join(folder, "caffeinate"), caffeinate, { mode: 0o755 });
  const parsed = await parseConfig("{ gateway: { keepAwake: true } }");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const clock = new FakeClock();
  const stateDir = join(folder, "state");
  gateway = createGateway({
    config: parsed.value.config,
    stateDir,
    log: createLog({ level: "error", format: "text" }, false),
    clock,
    env: { ...process.env, PATH: `${folder}:/usr/bin:/bin` },
    home: folder,
  });
  await gateway.start();
  await expect.poll(() => readFileSync(calls, "utf8"), { timeout: 30_000 }).toBe(`-i -w ${process.pid}\n`);
  const from = new Date(clock.now()).toISOString();
  await clock.jump(3_600_000);
  const sleeps = [{ from, to: new Date(clock.now()).toISOString() }];
  expect((await askGateway(stateDir, "status", {}))?.result.gateway).toMatchObject({ sleeps });
});
