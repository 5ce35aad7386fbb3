import { expect, it } from "vitest";
import { House } from "../../faults/harness/house.js";
import { reloadUnderLoad } from "../../support/reload-under-load.js";

// `npm run test:faults` plays 200 flips and 2,000 messages (reload.faults.ts).
it("judges each message by exactly one valid configuration while the policy flips", {
  tags: ["long"],
  timeout: 120_000,
}, async () => {
  await reloadUnderLoad(11, 110);
});

it("keeps the last good configuration when an edit is invalid, and restarts an account without losing a message", async () => {
  const house = await new House().configure();
  try {
    const gateway = await house.start();
    await house.configure({ dmPolcy: "open" });
    await expect.poll(() => gateway.log, { timeout: 10_000 }).toContain("dmPolcy");
    house.mac.say("+15550100001", "under the last good one");
    await house.got("+15550100001", 1);
    // A setting of the child: the account alone is restarted, and what comes meanwhile is answered.
    await house.configure({ watchDebounceMs: 20 });
    house.mac.say("+15550100001", "while it restarts");
    await expect.poll(() => gateway.log, { timeout: 10_000 }).toContain("account restarted");
    house.mac.say("+15550100001", "after it");
    expect(await house.got("+15550100001", 3)).toHaveLength(3);
    await house.settled();
  } finally {
    await house.close();
  }
}, 60_000);
