import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ImsgHere } from "../../test/support/imsg-here.js";
import { rememberingLog } from "../../test/support/inbound-bench.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import type { FunctionAgent } from "../agents/index.js";
import type { Log } from "../platform/index.js";
import { openSimulator, type Simulator } from "../simulator/index.js";
import { embeddedGateway, type Gateway } from "./gateway.js";

const [mia, ben] = ["+15550100123", "+15550100456"];
const patient = { timeout: 30_000 };

let folder: string;
let world: Simulator;
let gateway: Gateway | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "embedded-"));
  world = openSimulator(folder, { bridge: true, sip: "disabled" });
});
afterEach(async () => {
  await gateway?.stop();
  world.close();
  await removeFolder(folder);
});

/** A gateway whose imsg is in this process. */
function make(main: FunctionAgent, log: Log = rememberingLog().log): Gateway {
  const imsg = new ImsgHere(folder);
  const cliPath = join(folder, "imsg");
  const imessage = { cliPath, dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 20 };
  gateway = embeddedGateway(
    {
      ...{ stateDir: join(folder, "state"), home: folder, env: {}, log },
      config: { channels: { imessage } },
      agents: { main },
    },
    { startImsg: (args, path) => imsg.start(args, path, {}), hasControl: false },
  );
  return gateway;
}

const texts = () => world.transcript().flatMap(({ from, text }) => (from === "me" ? [text] : []));
const isConnected = async () => (await gateway?.status())?.accounts[0]?.connected;
const refused = { code: "ACCOUNT_STOPPED" };

it("lets a turn that stop waits for send elsewhere, and nobody before its start and after its stop", async () => {
  let goOn = () => {};
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let isAsked = false;
  const made = make(async () => {
    isAsked = true;
    await released;
    await made.send({ to: ben, text: "A new order" });
    return "Ordered.";
  });
  await expect(made.send({ to: ben, text: "early" })).rejects.toMatchObject(refused);
  await made.start();
  await expect.poll(isConnected, patient).toBe(true);
  world.say({ from: mia, text: "One pizza" });
  await expect.poll(() => isAsked, patient).toBe(true);
  const ended: string[] = [];
  const reading = (async () => {
    for await (const event of made.events("turn")) ended.push(event.state);
  })();
  const stopped = made.stop();
  goOn();
  await stopped;
  await reading;
  expect(ended).toEqual(["done"]);
  expect(texts()).toEqual(["A new order", "Ordered."]);
  await expect(made.send({ to: ben, text: "late" })).rejects.toMatchObject(refused);
  expect(texts()).toHaveLength(2);
});

it("sends as soon as it is up, which a start says last", async () => {
  const { log } = rememberingLog();
  const sending: Promise<unknown>[] = [];
  const made = make(() => "", {
    ...log,
    info: (text) => {
      if (text.endsWith("is up")) sending.push(made.send({ to: ben, text: "A new order" }));
    },
  });
  await made.start();
  expect(await Promise.all(sending)).toMatchObject([{ state: "stored" }]);
  expect(texts()).toEqual(["A new order"]);
});

it("does not run after a start that failed", async () => {
  const made = make(() => "");
  await made.start();
  const other = embeddedGateway({ stateDir: join(folder, "state"), home: folder, env: {}, config: {} }, {});
  await expect(other.start()).rejects.toMatchObject({ code: "GATEWAY_RUNNING" });
  await expect(other.send({ to: ben, text: "x" })).rejects.toMatchObject(refused);
  expect((await other.status()).gateway).toBeNull();
  await other.stop();
  expect((await made.status()).gateway).not.toBeNull();
});
