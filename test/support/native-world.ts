import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../src/config/index.js";
import { askGateway } from "../../src/control/index.js";
import { gatewayOf } from "../../src/gateway/index.js";
import { openSimulator, type Settings } from "../../src/simulator.js";
import { simulatorPath } from "../faults/harness/gateway-process.js";
import { ImsgHere } from "./imsg-here.js";
import { until } from "./process-alive.js";
import { removeFolder } from "./remove-folder.js";

export const mia = "+15550100123";
export const tom = "+15550100124";

const closing: (() => Promise<void>)[] = [];

/** Ends every gateway and world of the test. */
export async function closeWorlds(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** What is done to Messages, without what only reads or keeps the connection. */
const quiet = new Set([
  "initialize",
  "bridge.events.subscribe",
  ...["chats.list", "messages.history", "messages.after", "watch.subscribe", "watch.unsubscribe"],
  ...["status", "message.send_status", "typing", "read"],
]);

/** A gateway with the demo agent over a simulated Mac with a direct chat and a group; Mia owns it. */
export async function nativeWorld(
  settings: Partial<Settings>,
  account: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "native-"));
  const stateDir = join(folder, "state");
  const world = openSimulator(folder, { record: true, ...settings });
  const said = world.say({ from: mia, text: "before everything" });
  const group = world.group([mia, tom], { name: "Trip" });
  world.say({ from: tom, chat: group.id, text: "before everything" });
  process.env.IMSG_SIM_HOME = folder;
  const configPath = join(folder, "tapback.json5");
  const sourceWith = (changed: Record<string, unknown> = {}) =>
    JSON.stringify({
      channels: {
        imessage: {
          cliPath: simulatorPath,
          dbPath: world.dbPath,
          dmPolicy: "open",
          allowFrom: ["*"],
          groupPolicy: "open",
          groups: { [String(group.id)]: { requireMention: false } },
          watchDebounceMs: 20,
          ...account,
          ...changed,
        },
      },
      commands: { ownerAllowFrom: [mia] },
      agents: { list: [{ id: "main", default: true, runtime: { type: "demo" } }] },
      ...more,
    });
  writeFileSync(configPath, sourceWith());
  const parsed = await parseConfig(sourceWith());
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const { config } = parsed.value;
  const logged: string[] = [];
  const take = (message: string) => void logged.push(message);
  const imsg = new ImsgHere(folder);
  const open = () =>
    gatewayOf(
      {
        config,
        configFile: { path: configPath, source: sourceWith() },
        stateDir,
        log: { debug: () => {}, info: take, warn: take, error: take },
      },
      { startImsg: (args, cliPath) => imsg.start(args, cliPath, process.env) },
    );
  let gateway = open();
  await gateway.start();
  let isUp = true;
  const stop = async () => {
    if (isUp) await gateway.stop();
    isUp = false;
  };
  closing.push(async () => {
    await stop();
    await world.settled();
    world.close();
    // The next file in this process has worlds of its own.
    delete process.env.IMSG_SIM_HOME;
    await removeFolder(folder);
  });
  const connected = async () => (await gateway.status()).accounts[0]?.connected === true;
  await until("the gateway is connected", connected);
  const known = async () => (await gateway.status()).accounts[0]?.privateApi !== undefined;
  await until("the gateway knows what the Mac can do", known);
  return {
    world,
    folder,
    stateDir,
    logged,
    /** Switches actions off in the configuration file, and waits until that holds. */
    toggle: async (actions: Record<string, boolean>) => {
      const changes = () => logged.filter((line) => line.startsWith("configuration changed")).length;
      const before = changes();
      writeFileSync(configPath, sourceWith({ actions }));
      await until("the change holds", () => changes() > before);
    },
    said,
    group,
    gateway: () => gateway,
    stop,
    restart: async () => {
      await stop();
      gateway = open();
      isUp = true;
      await gateway.start();
      await until("the gateway is connected", connected);
      await until("the gateway knows what the Mac can do", known);
    },
    act: async (action: string, parameters: Record<string, unknown>) =>
      (await askGateway(stateDir, "message.act", { action, parameters }))!.result,
    offers: async (parameters: Record<string, unknown> = {}) =>
      (await askGateway(stateDir, "message.actions", { parameters }))!.result,
    /** Texts that stand in a chat from us. */
    sent: (chat: number) =>
      world
        .transcript(chat)
        .filter(({ from }) => from === "me")
        .map(({ text }) => text),
    /** Names of the requests that changed something. */
    changes: () =>
      world
        .requests()
        .map((request) => String(request.method ?? (request.argv as string[])[0]))
        .filter((name) => !quiet.has(name)),
  };
}
