import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { type Duration, type MessagesWorld, messagesWorld } from "../../src/testing/index.js";
import { until } from "../faults/harness/wait.js";
import { caf } from "../support/sample-files.js";

const folder = mkdtempSync(join(tmpdir(), "kit-programs-"));
const recording = join(folder, "Audio Message.caf");
writeFileSync(recording, caf());
const worlds: MessagesWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const flags = { begun: join(folder, "begun"), go: join(folder, "go") };
/** A program that writes a recording down as soon as it may. */
const waits = `
const fs = require("node:fs");
fs.writeFileSync(${JSON.stringify(flags.begun)}, "");
const look = setInterval(() => {
  if (!fs.existsSync(${JSON.stringify(flags.go)})) return;
  clearInterval(look);
  console.log("call me back");
}, 20);`;

/** A world whose turns have half a minute, in which a program writes recordings down. */
async function worldWith(program: string, patience: Duration): Promise<MessagesWorld> {
  const world = await messagesWorld({
    agents: { main: ({ text }) => `heard: ${text}` },
    config: {
      voice: { transcribe: { command: process.execPath, args: ["-e", program, "--"] } },
      agents: { defaults: { timeoutSeconds: 30 } },
    },
    patience,
  });
  worlds.push(world);
  return world;
}

/** Enough of these, and time passes in a world that waits for nothing. */
async function loops(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

it("lets no time of the world pass while the gateway runs a program to its end", async () => {
  const world = await worldWith(waits, { seconds: 60 });
  const mia = world.person("+15550100123");
  mia.says("", { files: [recording], voice: true });
  const rest = world.settles();
  await until(
    () => existsSync(flags.begun),
    () => "the program runs",
    50_000,
  );
  await loops(100);
  const { now } = world;
  await loops(1000);
  expect(world.now).toBe(now);
  writeFileSync(flags.go, "");
  await rest;
  expect(mia.received.map(({ text }) => text)).toEqual(["heard: call me back"]);
});

it("goes on without a program that does not end", async () => {
  const world = await worldWith("setInterval(() => {}, 1000)", { ms: 50 });
  const mia = world.person("+15550100123");
  const message = mia.says("", { files: [recording], voice: true });
  await world.settles();
  expect(world.story(message)?.turn).toMatchObject({ state: "failed", error: { code: "AGENT_TIMEOUT" } });
});
