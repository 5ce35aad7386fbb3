import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../faults/harness/wait.js";
import { GatewayLab } from "../../support/gateway-lab.js";
import { Launchd } from "../../support/launchd.js";
import { ServiceLab } from "../../support/service-lab.js";

const main = join(import.meta.dirname, "../../../dist/cli/main.js");
const mia = "+15550100123";

let lab: GatewayLab;
let service: ServiceLab;
let launchd: Launchd;
let answers = 0;

/** Homebrew's folder of Node, with one version, and the link to the version in use. */
const formula = (version: string) => join(service.folder, "brew/Cellar/node", version);
const inUse = (version: string) => {
  rmSync(join(service.folder, "brew/opt/node"), { force: true });
  symlinkSync(formula(version), join(service.folder, "brew/opt/node"));
};

beforeEach(async () => {
  answers = 0;
  lab = new GatewayLab();
  lab.configure({ dmPolicy: "allowlist", allowFrom: [mia], catchup: { enabled: true } });
  mkdirSync(join(lab.folder, "state"), { mode: 0o700 });
  service = new ServiceLab();
  service.env.TAPBACK_STATE_DIR = join(lab.folder, "state");
  service.env.TAPBACK_CONFIG = join(lab.folder, "tapback.json5");
  mkdirSync(join(formula("24.9.0"), "bin"), { recursive: true });
  mkdirSync(join(service.folder, "brew/opt"));
  copyFileSync(process.execPath, join(formula("24.9.0"), "bin/node"));
  inUse("24.9.0");
  const node = join(service.folder, "brew/opt/node/bin/node");
  expect(await service.runWith(node, main, "service", "install")).toMatchObject({ code: 0, stderr: "" });
  launchd = new Launchd(service.plist, { home: service.folder, throttleSecondMs: 50 });
  launchd.load();
});
afterEach(async () => {
  await launchd.unload();
  await lab.close();
  await service.dispose();
});

const holds = (what: () => boolean | Promise<boolean>) =>
  until(what, () => `${launchd.ends.join(" ")}\n${launchd.log}`, 50_000);
/** A message, said whether the gateway runs or not, is answered. */
async function isAnswered(text: string): Promise<void> {
  await lab.sim("say", "--from", mia, "--text", text);
  answers += 1;
  await holds(() => lab.got(mia).length === answers);
}
async function startsAgain(starts: number): Promise<void> {
  await holds(() => launchd.starts === starts && launchd.pid !== undefined);
}

it("is up again after every end, and misses no message", async () => {
  await isAnswered("one");
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const { starts } = launchd;
    process.kill(launchd.pid!, signal);
    await startsAgain(starts + 1);
    await isAnswered(`after ${signal}`);
  }
  expect(launchd.ends).toEqual([0, "SIGKILL"]);

  // An update of Node: the version that runs is gone, and the link leads to the next.
  expect(readFileSync(service.plist, "utf8")).toContain("/brew/opt/node/bin/node<");
  renameSync(formula("24.9.0"), formula("26.1.0"));
  inUse("26.1.0");
  await isAnswered("while Node is another one");
  process.kill(launchd.pid!, "SIGTERM");
  await startsAgain(4);
  await isAnswered("with the next Node");

  // A reboot: what comes meanwhile is answered, because catch-up is on.
  expect(await launchd.unload()).toBe(false);
  await lab.sim("say", "--from", mia, "--text", "while it is off");
  answers += 1;
  launchd.load();
  await holds(() => lab.got(mia).length === answers);
});

it("waits for an invalid configuration to be corrected, and ends when asked meanwhile", async () => {
  await isAnswered("one");
  const file = join(lab.folder, "tapback.json5");
  const good = readFileSync(file, "utf8");
  const waits = () => launchd.log.split("the gateway starts when").length - 1;
  writeFileSync(file, "{ chanels: {} }");
  await holds(() => launchd.log.includes("the last good one stays in use"));
  process.kill(launchd.pid!, "SIGTERM");
  await holds(() => waits() === 1);
  expect(launchd.log).toContain("chanels");
  process.kill(launchd.pid!, "SIGTERM");
  await holds(() => waits() === 2);
  expect(launchd.ends).toEqual([0, 0]);
  writeFileSync(file, "{ chanels: 1 }");
  await holds(() => waits() === 3);
  writeFileSync(file, good);
  await isAnswered("after it was corrected");
  expect(launchd.starts).toBe(3);
});
