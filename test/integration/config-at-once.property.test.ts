import { readFileSync } from "node:fs";
import { join } from "node:path";
import JSON5 from "json5";
import { afterEach, expect, it, vi } from "vitest";
import { House } from "../faults/harness/house.js";
import { runsOf } from "../support/property-runs.js";

// Up to seventy-two processes start here; how long that takes proves nothing.
vi.setConfig({ testTimeout: 240_000 });
const house = new House();
afterEach(() => house.close());

it("loses no change of 24 processes at once", async () => {
  await house.configure();
  const processes = Array.from({ length: 24 }, (_, index) => index);
  const { numRuns: rounds } = runsOf(3, 1);
  for (let round = 1; round <= rounds; round++) {
    const done = await Promise.all(
      processes.map((index) =>
        house.tapback([
          "config",
          "set",
          `channels.imessage.dms["+155501${round}01${10 + index}"].historyLimit`,
          `${index}`,
        ]),
      ),
    );
    expect(done.map(({ code, stderr }) => [code, stderr])).toEqual(processes.map(() => [0, ""]));
  }
  const { dms } = JSON5.parse(readFileSync(join(house.folder, "tapback.json5"), "utf8")).channels.imessage;
  expect(Object.keys(dms)).toHaveLength(rounds * processes.length);
});
