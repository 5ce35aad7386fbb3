import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createGateway, createLog, type Gateway, parseConfig } from "../../src/index.js";
import { openSimulator, type Simulator, simulatorProgram } from "../../src/simulator.js";
import { removeFolder } from "../support/remove-folder.js";

let folder: string;
let world: Simulator;
let gateway: Gateway | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "embedded-"));
  world = openSimulator(join(folder, "world"), { bridge: true, sip: "disabled" });
});
afterEach(async () => {
  await gateway?.stop();
  world.close();
  await removeFolder(folder);
});

it("gives imsg the environment that it was made with, its probes too", async () => {
  const program = join(folder, "agent.mjs");
  writeFileSync(
    program,
    `import { createInterface } from "node:readline";
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => JSON.parse((await lines.next()).value);
const say = (event) => console.log(JSON.stringify(event));
const { messages } = await next();
say({ type: "action", id: 1, action: "react", messageId: messages[0].sid, emoji: "love" });
say({ type: "text", text: JSON.stringify((await next()).ok) });
process.exit(0);`,
  );
  const parsed = await parseConfig(
    JSON.stringify({
      channels: {
        imessage: {
          cliPath: simulatorProgram(),
          dmPolicy: "open",
          allowFrom: ["*"],
          watchDebounceMs: 20,
        },
      },
      agents: {
        list: [
          {
            id: "main",
            runtime: { type: "command", command: process.execPath, args: [program], output: "jsonl" },
          },
        ],
      },
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  gateway = createGateway({
    config: parsed.value.config,
    stateDir: join(folder, "state"),
    log: createLog({ level: "error", format: "text" }, false),
    home: folder,
    // The only thing that names the world.
    env: { ...process.env, IMSG_SIM_HOME: world.folder },
  });
  await gateway.start();
  await expect.poll(async () => (await gateway?.status())?.accounts[0]?.connected).toBe(true);
  const { chatId, guid } = world.say({ from: "+15550100123", text: "Hello" });
  await expect.poll(() => world.transcript(chatId).at(-1)?.text, { timeout: 20_000 }).toBe("true");
  expect(world.transcript(chatId).find((message) => message.guid === guid)?.tapbacks).toEqual([
    { emoji: "❤️", from: "me" },
  ]);
});
