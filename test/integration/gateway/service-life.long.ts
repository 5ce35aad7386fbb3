import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ServiceHouse } from "../../support/service-house.js";

// Several gateways start one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let house: ServiceHouse;

beforeEach(async () => {
  house = await ServiceHouse.open();
});
afterEach(() => house.close());

it("is up again after every end, and misses no message of people who never stop writing", async () => {
  const { launchd, service } = house;
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    await house.upAgainAfter(() => process.kill(launchd.pid!, signal));
  expect(launchd.ends).toEqual([0, "SIGKILL"]);

  // An update of Node, whose first try ends by itself again and again.
  expect(readFileSync(service.plist, "utf8")).toContain("/brew/opt/node/bin/node<");
  house.updateNode("24.9.0", "26.1.0");
  await house.serves();
  house.brokenNode("26.0.0", 3);
  house.useNode("26.0.0");
  await house.upAgainAfter(async () => {
    process.kill(launchd.pid!, "SIGTERM");
    await house.holds(() => launchd.ends.filter((end) => end === 3).length === 2);
    house.useNode("26.1.0");
  });
  expect(launchd.ends.slice(2, 5)).toEqual([0, 3, 3]);

  // Another version is installed over it: the gateway ends in order, as one that has to be started again.
  expect(house.gateway).toMatchObject({ version: "1.0.0" });
  await house.upAgainAfter(() => house.updateTapback("1.1.0"));
  expect(house.gateway).toMatchObject({ version: "1.1.0" });
  expect(launchd.ends.at(-1)).toBe(1);
  expect(launchd.log).toMatch(/installed anew while it ran[\s\S]*stopped/);

  // A reboot: what comes meanwhile is answered, because catch-up is on.
  await house.upAgainAfter(async () => {
    expect(await launchd.unload()).toBe(false);
    launchd.load();
  });
  expect(await house.problems()).toEqual([]);
});

it("waits for an invalid configuration to be corrected, and ends when asked meanwhile", async () => {
  const { lab, launchd } = house;
  const file = join(lab.folder, "tapback.json5");
  const good = readFileSync(file, "utf8");
  const waits = () => launchd.log.split("the gateway starts when").length - 1;
  writeFileSync(file, "{ chanels: {} }");
  await house.holds(() => launchd.log.includes("the last good one stays in use"));
  process.kill(launchd.pid!, "SIGTERM");
  await house.holds(() => waits() === 1);
  expect(launchd.log).toContain("chanels");
  process.kill(launchd.pid!, "SIGTERM");
  await house.holds(() => waits() === 2);
  expect(launchd.ends).toEqual([0, 0]);
  writeFileSync(file, "{ chanels: 1 }");
  await house.holds(() => waits() === 3);
  writeFileSync(file, good);
  await house.serves();
  expect(launchd.starts).toBe(3);
});
