import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../faults/harness/wait.js";
import { GatewayLab } from "../../support/gateway-lab.js";
import { Launchd } from "../../support/launchd.js";
import { ServiceLab } from "../../support/service-lab.js";

const mia = "+15550100123";

let lab: GatewayLab;
let service: ServiceLab;
let launchd: Launchd;
let answers = 0;

beforeEach(async () => {
  answers = 0;
  lab = new GatewayLab();
  lab.configure({ dmPolicy: "allowlist", allowFrom: [mia], catchup: { enabled: true } });
  mkdirSync(join(lab.folder, "state"), { mode: 0o700 });
  service = new ServiceLab();
  service.appTools();
  service.env.TAPBACK_STATE_DIR = join(lab.folder, "state");
  service.env.TAPBACK_CONFIG = join(lab.folder, "tapback.json5");
  expect(await service.run("service", "install")).toMatchObject({ code: 0, stderr: "" });
  launchd = new Launchd(service.plist, { home: service.folder, throttleSecondMs: 50 });
  launchd.load();
});
afterEach(async () => {
  await launchd.unload();
  // What the app started ends after it; where a test fails because it does not, nothing is left.
  await holds(async () => (await pid()) === undefined).catch(async () =>
    process.kill((await pid())!, "SIGKILL"),
  );
  await lab.close();
  await service.dispose();
});

const holds = (what: () => boolean | Promise<boolean>) =>
  until(what, () => `${launchd.ends.join(" ")}\n${launchd.log}`, 50_000);
/** Of the gateway, which is not the process that launchd knows. */
const pid = async (): Promise<number | undefined> => {
  const { stdout } = await service.run("channels", "status", "--json");
  return JSON.parse(stdout).gateway?.pid;
};
async function isAnswered(text: string): Promise<void> {
  await lab.sim("say", "--from", mia, "--text", text);
  answers += 1;
  await holds(() => lab.got(mia).length === answers);
}

it("is up again through its app after every end, and misses no message", async () => {
  await isAnswered("one");
  const first = await pid();
  expect(first).not.toBe(launchd.pid);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const before = await pid();
    process.kill(launchd.pid!, signal);
    await holds(async () => ![undefined, before].includes(await pid()));
    await isAnswered(`after ${signal} of the app`);
  }
  // The gateway ends by itself, as after an update: the app goes with it.
  const { starts } = launchd;
  process.kill((await pid())!, "SIGTERM");
  await holds(() => launchd.starts > starts);
  await isAnswered("after an end of the gateway");
  expect(launchd.log).toContain("the app ended: finishing what runs");
});
