import { expect, it } from "vitest";
import { FakeClock } from "../../test/support/fake-clock.js";
import { Presence, type PresenceDeps } from "./presence.js";

const chat = { id: 7, guid: "any;-;+15550100001" };

/** @param state what becomes of each call for a bubble */
function bench(state: "done" | "failed", typing = true) {
  const actions = {
    capabilities: () => ({ privateApi: { available: true }, perMethod: true }),
    read: async () => ({ state: "done" }),
    typing: async () => ({ state }),
  };
  const clock = new FakeClock();
  const presence = new Presence({
    bridge: { actions },
    clock,
    log: { warn: () => {} },
    settings: () => ({ typing, sendReadReceipts: true }),
    standing: { left: [], keep: () => {} },
  } as unknown as PresenceDeps);
  presence.begin("t", chat);
  return { clock, presence };
}

it("knows whether a turn's bubble shows (behaviour 6.3a)", async () => {
  const { clock, presence } = bench("done");
  expect(presence.isSeen("t")).toBe(false);
  await clock.advance(1);
  expect(presence.isSeen("t")).toBe(true);
  presence.end("t");
  expect(presence.isSeen("t")).toBe(false);
});

it("takes none for shown that Messages refused, that nobody asked for, or that went after its longest time", async () => {
  for (const { clock, presence } of [bench("failed"), bench("done", false)]) {
    await clock.advance(60_000);
    expect(presence.isSeen("t")).toBe(false);
  }
  const { clock, presence } = bench("done");
  await clock.advance(11 * 60_000);
  expect(presence.isSeen("t")).toBe(false);
});
