import { expect, it } from "vitest";
import type { BridgeHealth } from "../../bridge/index.js";
import type { Stage } from "../../health/index.js";
import { type AccountFactsNow, stagesNow } from "./account-status.js";

const live: BridgeHealth = { state: "live", pid: 7, liveAt: 100, answeredAt: 200, restarts: 0, malformed: 0 };

/** The stage `ssh` of an account whose probe came to this at 1000. */
function sshAt(health: BridgeHealth | undefined, ok = false): Stage | undefined {
  const stage: Stage = { name: "ssh", ok, provenAt: null, detail: "mac does not answer", remedy: null };
  const facts = { at: 2000, hop: { stage, at: 1000 }, health } as AccountFactsNow;
  const store = { health: () => ({}) } as Parameters<typeof stagesNow>[1];
  return stagesNow(facts, store).find(({ name }) => name === "ssh");
}

it("tells of a probe that did not get over ssh until the bridge is heard over that way", () => {
  expect(sshAt(live)).toMatchObject({ ok: false, detail: "mac does not answer" });
  expect(sshAt({ ...live, answeredAt: 1001 })).toBeUndefined();
  expect(sshAt({ ...live, liveAt: 1001 })).toBeUndefined();
  // What answers without being subscribed proves nothing yet, nor does what was heard before.
  expect(sshAt({ ...live, answeredAt: 1001, state: "starting" })).toMatchObject({ ok: false });
  expect(sshAt(undefined)).toMatchObject({ ok: false });
  expect(sshAt({ ...live, answeredAt: 1001 }, true)).toMatchObject({ ok: true });
});
