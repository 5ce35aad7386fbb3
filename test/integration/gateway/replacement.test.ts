import { cpSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { GatewayLab } from "../../support/gateway-lab.js";

const root = join(import.meta.dirname, "../../..");
const mia = "+15550100123";

let installed: string;
let lab: GatewayLab;

beforeEach(() => {
  installed = mkdtempSync(join(tmpdir(), "tapback-installed-"));
  writeFileSync(join(installed, "package.json"), JSON.stringify({ type: "module" }));
  symlinkSync(join(root, "node_modules"), join(installed, "node_modules"));
  install("dist");
  lab = new GatewayLab({}, join(installed, "dist"));
  lab.configure({ dmPolicy: "allowlist", allowFrom: [mia] });
});

afterEach(async () => {
  await lab.stop();
  await lab.close();
  rmSync(installed, { recursive: true, force: true });
});

function install(folder: string): void {
  cpSync(join(root, "dist"), join(installed, folder), { recursive: true });
  const now = new Date();
  utimesSync(join(installed, folder, "cli/main.js"), now, now);
}

it("ends when another version is installed over it, and what comes meanwhile is answered by the next", async () => {
  await lab.start();
  await lab.sim("say", "--from", mia, "--text", "one");
  await lab.until(() => lab.got(mia).length === 1);
  // As npm does it: the old folder is moved away first, and removed when the new one is there.
  renameSync(join(installed, "dist"), join(installed, ".dist-old"));
  install("dist");
  rmSync(join(installed, ".dist-old"), { recursive: true });
  expect(await lab.ended()).toBe(1);
  expect(lab.log).toContain("installed anew while it ran");
  await lab.sim("say", "--from", mia, "--text", "two");
  await lab.start();
  await lab.until(() => lab.got(mia).length === 2);
});
