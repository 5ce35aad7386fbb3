import { expect, it, vi } from "vitest";
import { flood } from "./harness/flood.js";
import { playSeeds } from "./harness/matrix.js";
import { pairingScenario, shutdownScenario } from "./harness/side-scenarios.js";

// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });

// A sample of `npm run test:faults`, which plays every point with 20 seeds.
it.each([
  ["inbound.admitted", [1]],
  ["turn.ended", [2]],
  ["outbox.sent", [3]],
  ["outbox.reconciled", [4]],
  ["store.commit", [6]],
] as const)("loses and doubles nothing when the gateway dies at %s", async (point, seeds) => {
  expect((await playSeeds(point, seeds, 1)).problems).toEqual([]);
});

it("offers one code and answers once when the gateway dies during a pairing", async () => {
  expect((await playSeeds("pairing.offered:1", [1], 1, pairingScenario)).problems).toEqual([]);
});

it("takes up what an orderly end could not finish", async () => {
  expect((await playSeeds("turn.stopped:1", [1], 1, shutdownScenario)).problems).toEqual([]);
});

it("takes a flood through one gateway whose child is killed 5 times", async () => {
  expect(await flood(1000, 5)).toEqual({ lost: [], doubled: [], unsettled: {}, kills: 5 });
}, 120_000);
