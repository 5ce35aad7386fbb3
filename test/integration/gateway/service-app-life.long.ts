import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ServiceHouse } from "../../support/service-house.js";

// Several gateways start one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 });

let house: ServiceHouse;

beforeEach(async () => {
  house = await ServiceHouse.open({ throughApp: true });
});
afterEach(() => house.close());

it("is up again through its app after every end, and misses no message of people who never stop writing", async () => {
  const { launchd } = house;
  expect(house.pid).not.toBe(launchd.pid);
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    await house.upAgainAfter(() => process.kill(launchd.pid!, signal));
  expect(launchd.log).toContain("the app ended: finishing what runs");

  // Another version is installed over it: the gateway ends in order, and the app with it.
  expect(house.gateway).toMatchObject({ version: "1.0.0" });
  const { starts } = launchd;
  await house.upAgainAfter(() => house.updateTapback("1.1.0"));
  expect(house.gateway).toMatchObject({ version: "1.1.0" });
  expect(launchd.log).toMatch(/installed anew while it ran[\s\S]*stopped/);
  expect(launchd.starts).toBe(starts + 1);

  // A logout and a login: the next gateway waits for the one before.
  await house.upAgainAfter(async () => {
    await launchd.unload();
    launchd.load();
  });
  expect(await house.problems()).toEqual([]);
});
