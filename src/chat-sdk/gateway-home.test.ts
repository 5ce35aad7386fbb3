import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import { GatewayHome } from "./gateway-home.js";
import type { BotParts } from "./home.js";
import { encodeThread } from "./thread-id.js";

it("has a way into every conversation from its start to the end of its stop", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-home-"));
  const home = new GatewayHome({
    gateway: {
      ...{ stateDir: join(folder, "state"), home: folder, env: {}, log: rememberingLog().log },
      config: { channels: { imessage: { enabled: false } } },
    },
  });
  const thread = encodeThread({ account: "default", kind: "dm", name: "+15550100123" });
  const isOpen = () => home.doorInto(thread, () => "key") !== undefined;
  const parts = { chat: { getLogger: () => ({ error: () => {} }) } } as unknown as BotParts;
  expect(isOpen()).toBe(false);
  await home.start(parts, () => undefined);
  expect(isOpen()).toBe(true);
  const stopped = home.stop();
  expect(isOpen()).toBe(true);
  await stopped;
  expect(isOpen()).toBe(false);
  // A bot may be initialized again.
  await home.start(parts, () => undefined);
  expect(isOpen()).toBe(true);
  await home.stop();
  await removeFolder(folder);
});
