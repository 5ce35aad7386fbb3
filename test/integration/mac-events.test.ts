import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ImsgBridge } from "../../src/bridge/imsg/bridge.js";
import type { MacEvent } from "../../src/bridge/index.js";
import { openSimulator, simulatorProgram } from "../../src/simulator.js";
import { until } from "../fixtures/fake-imsg.js";
import { removeFolder } from "../support/remove-folder.js";

it("hears who types, that an address is gone, and that Messages lost its helper and has it again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mac-events-"));
  const world = openSimulator(folder, { version: "0.19.1", bridge: true, sip: "disabled", watchHoldMs: 20 });
  const { chatGuid } = world.say({ from: "+15550100123", text: "hello" });
  const told: MacEvent[] = [];
  const env = { ...process.env, IMSG_SIM_HOME: folder };
  const bridge = new ImsgBridge(
    { cliPath: simulatorProgram(), dbPath: world.dbPath, env },
    {
      subscription: { resumeFrom: async () => 1000 },
      events: { row: () => {}, malformed: () => {}, state: () => {}, told: (event) => told.push(event) },
    },
  );
  bridge.start();
  try {
    await until(() => expect(bridge.state).toBe("live"));
    // What was before the subscription stands is not told (protocol reference 22).
    await until(() => {
      world.typing("+15550100123");
      expect(told).toContainEqual({ kind: "typing", chatGuid, on: true });
    });
    world.loseAddress();
    await until(() => expect(told).toContainEqual({ kind: "addresses-lost" }));
    world.set({ bridge: false });
    await bridge.actions.probe();
    const remedy = expect.stringContaining("`--install-agent`");
    expect(told).toContainEqual(expect.objectContaining({ kind: "private-api", available: false, remedy }));
    world.set({ bridge: true });
    await bridge.actions.probe();
    expect(told).toContainEqual(expect.objectContaining({ kind: "private-api", available: true }));
    await bridge.stop();
    await until(() => expect(told.at(-1)).toEqual({ kind: "events-ended" }));
  } finally {
    await bridge.stop();
    world.close();
    await removeFolder(folder);
  }
});
