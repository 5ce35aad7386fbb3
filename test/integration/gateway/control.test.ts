import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askGateway } from "../../../src/control/index.js";
import { House } from "../../faults/harness/house.js";
import { readState } from "../../faults/harness/state.js";
import { until } from "../../faults/harness/wait.js";

const mia = "+15550100001";
// A busy machine starts a gateway in seconds; how long it takes proves nothing.
vi.setConfig({ testTimeout: 120_000 });
let house: House;

beforeEach(async () => {
  house = new House();
  await house.configure();
});
afterEach(() => house.close());

it("does not leave a message in the outbox a second time when the gateway dies in the midst of sending it", async () => {
  house.mac.misbehave({ kind: "delay", method: "send", ms: 1500, times: 1 });
  const gateway = await house.start();
  const command = house.tapback(["message", "send", "--target", mia, "--message", "only once"]);
  await until(
    () => readState(house.folder)?.outbox.sending === 1,
    () => house.log,
  );
  gateway.kill("SIGKILL");
  const { code, stderr } = await command;
  expect([code, stderr]).toEqual([4, expect.stringContaining("[GATEWAY_LOST]")]);
  await house.start();
  await house.got(mia, 1);
  await house.settled();
  expect(house.textsTo(mia)).toEqual(["only once"]);
});

it("tells what is no gateway from one that does not run", async () => {
  const info = join(house.stateDir, "gateway.json");
  for (const content of ["{}", "null", "[1", '{"pid":1,"socket":5}']) {
    writeFileSync(info, content);
    expect((await house.tapback(["channels", "status"])).stdout).toContain("The gateway is not running");
  }
  const socket = join(house.folder, "other.sock");
  const server = createServer((peer) => {
    peer.on("error", () => {});
    peer.write("hello\n");
  }).listen(socket);
  await once(server, "listening");
  writeFileSync(info, JSON.stringify({ pid: 1, socket }));
  const { code, stderr } = await house.tapback(["channels", "status"]);
  server.close();
  expect([code, stderr]).toEqual([4, expect.stringContaining("is no gateway [GATEWAY_UNREACHABLE]")]);
});

it("lets a gateway tell for itself what it may do", async () => {
  const { pid } = await house.start();
  const asked = await askGateway(house.stateDir, "self.check", { timeoutMs: 60_000 }, 100_000);
  expect(asked?.result).toMatchObject({
    pid,
    databases: [{ id: "default", ok: true, code: null }],
    network: [],
  });
  // This machine has no tool that could ask Messages, which is told and no error.
  if (process.platform !== "darwin")
    expect(asked?.result.messages).toMatchObject({ state: "failed", words: "osascript could not be run" });
});
