import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareWithPeer, tally, untold } from "../../test/support/peer/compare.js";
import { peerFiles } from "../../test/support/peer/files.js";
import type { PeerSystem } from "../../test/support/peer/model.js";
import { runsOf } from "../../test/support/property-runs.js";

describe.each<PeerSystem>(["openclaw", "remoteclaw", "clawdbot", "bluebubbles"])(
  "coming over from %s",
  (system) => {
    it("answers nobody who was not answered before, and names whoever is lost", async () => {
      const known = fc.constantFrom([], [7, 8]);
      const sum = tally();
      await fc.assert(
        fc.asyncProperty(peerFiles(system), known, async (peer, chats) => {
          const comparison = await compareWithPeer(system, peer, chats);
          sum.add(comparison);
          expect(untold(comparison)).toEqual([]);
        }),
        runsOf(5000, 25),
      );
      expect(sum.rows).toBeGreaterThan(1000);
      if (process.env.TAPBACK_ALL_CASES) console.log(`${system}: ${sum.text()}`);
    });
  },
);
