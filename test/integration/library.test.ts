import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  createGateway,
  createLog,
  type Gateway,
  type GatewayEvent,
  type GatewayOptions,
  parseConfig,
} from "../../src/index.js";
import { openSimulator, type Simulator, simulatorProgram } from "../../src/simulator.js";
import { removeFolder } from "../support/remove-folder.js";

const [mia, ben] = ["+15550100123", "+15550100456"];
const patient = { timeout: 30_000 };

let folder: string;
let world: Simulator;
let gateways: Gateway[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "library-"));
  world = openSimulator(join(folder, "world"), { bridge: true, sip: "disabled" });
  gateways = [];
});
afterEach(async () => {
  for (const gateway of gateways) await gateway.stop();
  world.close();
  await removeFolder(folder);
});

const imessage = { dmPolicy: "open", allowFrom: ["*"], watchDebounceMs: 20 };
const channels = () => ({ imessage: { cliPath: simulatorProgram(), ...imessage } });

function make(options: GatewayOptions): Gateway {
  const gateway = createGateway({
    stateDir: join(folder, "state"),
    log: createLog({ level: "error", format: "text" }, false),
    home: folder,
    env: { ...process.env, IMSG_SIM_HOME: world.folder },
    ...options,
  });
  gateways.push(gateway);
  return gateway;
}

const isConnected = async (gateway: Gateway) => (await gateway.status()).accounts[0]?.connected;

async function started(options: GatewayOptions): Promise<Gateway> {
  const gateway = make(options);
  await gateway.start();
  await expect.poll(() => isConnected(gateway), patient).toBe(true);
  return gateway;
}

/** Reads a stream to its end, in the background. */
function read<Event>(stream: AsyncIterable<Event>): { heard: Event[]; over: Promise<void> } {
  const heard: Event[] = [];
  const over = (async () => {
    for await (const event of stream) heard.push(event);
  })();
  return { heard, over };
}

const texts = (chatId: number) => world.transcript(chatId).map(({ text }) => text);

it("answers by a function, and tells its way from the message to what was sent", async () => {
  const gateway = make({
    config: { channels: channels() },
    agents: { main: ({ text }) => `You wrote: ${text}` },
  });
  const { heard, over } = read(gateway.events());
  const sent = read(gateway.events("sent"));
  await gateway.start();
  await expect.poll(() => isConnected(gateway), patient).toBe(true);
  const { chatId, guid } = world.say({ from: mia, text: "Hello" });
  await expect.poll(() => sent.heard.length, patient).toBe(1);
  expect(texts(chatId)).toEqual(["Hello", "You wrote: Hello"]);
  const of = (event: GatewayEvent) =>
    "message" in event ? event.message.guid === guid : event.type === "turn";
  expect(heard.filter(of)).toMatchObject([
    {
      type: "message",
      account: "default",
      missed: 0,
      arrival: "live",
      message: { text: "Hello", sender: mia },
    },
    { type: "decision", decision: { kind: "dispatch" } },
    { type: "turn", state: "started", agentId: "main", attempt: 1, messages: [guid] },
    { type: "turn", state: "done", messages: [guid] },
  ]);
  const turn = heard.find((event) => event.type === "turn");
  expect(sent.heard).toMatchObject([
    { type: "sent", state: "stored", origin: "turn", text: "You wrote: Hello", turnId: turn?.turnId },
  ]);
  expect(heard.filter((event) => event.type === "health").map(({ state }) => state)).toContain("live");
  await gateway.stop();
  // A stream ends with the gateway; what was told before is read to its end.
  await Promise.all([over, sent.over]);
  expect(heard.at(-1)).toMatchObject({ type: "health", state: "stopped" });
});

it("reads a file, follows it, and knows its functions there still", async () => {
  const configFile = join(folder, "gateway.json5");
  const write = (allowFrom: string[]) =>
    writeFileSync(
      configFile,
      JSON.stringify({
        channels: { imessage: { ...channels().imessage, dmPolicy: "allowlist", allowFrom } },
        agents: { list: [{ id: "main", runtime: { type: "demo" } }, { id: "Helper" }] },
        bindings: [{ agentId: "helper", match: { peer: { kind: "direct", id: ben } } }],
      }),
    );
  write([mia]);
  const agents = { main: () => "from main", helper: () => "from the helper" };
  const gateway = await started({ configFile, agents });
  const first = world.say({ from: mia, text: "Hello" });
  await expect.poll(() => texts(first.chatId), patient).toEqual(["Hello", "from main"]);
  const decided = read(gateway.events("decision"));
  world.say({ from: ben, text: "And me?" });
  await expect
    .poll(
      () =>
        decided.heard.filter(({ message }) => message.sender === ben).map(({ decision }) => decision.kind),
      patient,
    )
    .toEqual(["drop"]);
  write([mia, ben]);
  await expect
    .poll(() => {
      const said = world.say({ from: ben, text: "And now?" });
      return texts(said.chatId).includes("from the helper");
    }, patient)
    .toBe(true);
});

it("sends by a key once, over a restart too, and tells what became of it", async () => {
  world.say({ from: mia, text: "before" });
  const options = { config: { channels: channels() }, agents: { main: () => undefined } };
  const gateway = await started(options);
  const order = { to: mia, text: "Your **order** is ready", key: "order 17" };
  const first = await gateway.send(order);
  expect(first).toMatchObject({ state: "stored", parts: [{ guid: expect.any(String) }] });
  expect(await gateway.send(order)).toEqual(first);
  await expect(gateway.send({ ...order, text: "another" })).rejects.toMatchObject({ code: "KEY_REUSED" });
  await expect(gateway.send({ text: "to nobody" })).rejects.toMatchObject({ code: "ACTION_PARAMETERS" });
  await expect(gateway.send({ to: mia, text: "x", colour: "red" } as never)).rejects.toMatchObject({
    code: "ACTION_PARAMETERS",
  });
  await expect(gateway.send({ ...order, account: "work" })).rejects.toMatchObject({
    code: "ACCOUNT_UNKNOWN",
  });
  await gateway.stop();
  await expect(gateway.send(order)).rejects.toMatchObject({ code: "ACCOUNT_STOPPED" });
  // The same gateway again, and one that knows nothing of the first.
  await gateway.start();
  await expect.poll(() => isConnected(gateway), patient).toBe(true);
  expect(await gateway.send(order)).toMatchObject({ parts: first.parts.map(({ id }) => ({ id })) });
  await gateway.stop();
  const other = await started(options);
  expect(await other.send(order)).toMatchObject({ parts: first.parts.map(({ id }) => ({ id })) });
  expect(world.transcript().filter(({ text }) => text === "Your order is ready")).toHaveLength(1);
});

it("sends no more than the command line may", async () => {
  const config = { channels: channels() };
  const gateway = await started({ config, agents: { main: () => undefined } });
  const { chatId } = world.say({ from: mia, text: "STOP" });
  await expect.poll(() => world.transcript(chatId).length, patient).toBe(2);
  await expect(gateway.send({ to: mia, text: "again" })).rejects.toMatchObject({ code: "RECIPIENT_REFUSED" });
});

it("refuses a second gateway on one state, and serves two states side by side", {
  tags: ["long"],
}, async () => {
  const elsewhere = openSimulator(join(folder, "other-world"), { bridge: true });
  try {
    const main = () => "from the first";
    const config = { channels: channels() };
    const first = await started({ config, agents: { main } });
    await expect(first.start()).rejects.toMatchObject({ code: "GATEWAY_RUNNING" });
    await expect(make({ config, agents: { main } }).start()).rejects.toMatchObject({
      code: "GATEWAY_RUNNING",
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    const both = [
      make({ config, stateDir: join(folder, "third") }),
      make({ config, stateDir: join(folder, "third") }),
    ];
    const outcomes = await Promise.allSettled(both.map((gateway) => gateway.start()));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const gateway of both) await gateway.stop();
    const home = join(folder, "other-home");
    mkdirSync(home);
    const env = { ...process.env, IMSG_SIM_HOME: elsewhere.folder };
    await started({
      ...{ config, home, env, stateDir: join(folder, "second") },
      agents: { main: () => "from the second" },
    });
    const [here, there] = [world.say({ from: mia, text: "a" }), elsewhere.say({ from: mia, text: "b" })];
    await expect.poll(() => texts(here.chatId), patient).toEqual(["a", "from the first"]);
    await expect
      .poll(() => elsewhere.transcript(there.chatId).map(({ text }) => text), patient)
      .toEqual(["b", "from the second"]);
  } finally {
    for (const gateway of gateways) await gateway.stop();
    elsewhere.close();
  }
});

it("says what is wrong before it starts, and ends its streams", async () => {
  const wrong: GatewayOptions[] = [
    { agents: { main: "no function" as never } },
    { agents: { main: () => "", Main: () => "" } },
    { config: {}, configFile: "x" },
  ];
  for (const options of wrong)
    expect(() => createGateway(options)).toThrowError(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  const gateway = make({ config: { channels: { imessage: { dmPolcy: "open" } } } });
  const { over } = read(gateway.events());
  await expect(gateway.start()).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringMatching(/^config channels\.imessage\.dmPolcy: .*dmPolicy/),
  });
  await over;
  await expect(make({ configFile: join(folder, "nowhere") }).start()).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
  const circle: Record<string, unknown> = {};
  circle.circle = circle;
  await expect(make({ config: circle }).start()).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  // Before its start it is told what would be served.
  const idle = make({ config: { channels: channels() } });
  expect(await idle.status()).toMatchObject({ gateway: null, accounts: [{ id: "default", running: false }] });
});

it("takes a configuration that was parsed already", async () => {
  const parsed = await parseConfig(JSON.stringify({ channels: channels() }));
  if (!parsed.ok) throw new Error("it is valid");
  const { config } = parsed.value;
  await started({ config, agents: { main: () => "hi" } });
  const { chatId } = world.say({ from: mia, text: "Hello" });
  await expect.poll(() => texts(chatId), patient).toEqual(["Hello", "hi"]);
});
