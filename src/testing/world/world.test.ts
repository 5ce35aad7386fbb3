import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { functionAgent } from "../../agents/index.js";
import { World } from "./world.js";

it.each(["0.9.0", "0.14.0", "0.15.10", "0.19.1"])(
  "answers within one process, on imsg %s",
  async (version) => {
    const folder = mkdtempSync(join(tmpdir(), "world-"));
    const world = new World({
      folder,
      mac: { version, bridge: true, sip: "disabled" },
      config: { channels: { imessage: { dmPolicy: "open", allowFrom: ["*"] } } },
      makeAgent: (definition, deps) => functionAgent(({ text }) => `You wrote: ${text}`, definition, deps),
    });
    await world.start();
    expect(await world.connected()).toBe(true);
    const { chatId } = world.mac.say({ from: "+15550100123", text: "Hello" });
    const texts = () => world.mac.transcript(chatId).map(({ text }) => text);
    expect(await world.clock.advanceUntil(() => texts().length > 1, 60_000)).toBe(true);
    expect(texts()).toEqual(["Hello", "You wrote: Hello"]);
    await world.stop();
    world.close();
    await removeFolder(folder);
  },
);
