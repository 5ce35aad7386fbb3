import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openSimulator, type Simulator } from "../simulator.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { methodOf } from "./catalogue.js";
import { localCall } from "./local-call.js";

const mia = "+15550100123";

let folder: string;
let simulator: Simulator;
let world: World;
let theirs: { guid: string; chatId: number };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gate-"));
});
afterEach(() => {
  world.close();
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(version: string): void {
  simulator = openSimulator(folder, { version, bridge: true, sip: "disabled", me: ["bot@example.com"] });
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
  theirs = simulator.say({ from: mia, text: "hello" });
}

/** Asks for something in Mia's chat. */
const ask = async (method: string, params: object) =>
  methodOf(world, method)!.run(localCall(world, method, { chat_id: theirs.chatId, ...params }));
const lost = (more: object) => simulator.fault({ kind: "bridge-lost", ms: 1, times: 1, ...more });
const texts = () => simulator.transcript(theirs.chatId).map(({ text }) => text);
const tapbacks = () => simulator.transcript(theirs.chatId)[0]?.tapbacks.length;

it.each([
  ["0.15.10", { data: { disposition: "may_have_completed" } }],
  ["0.13.0", { data: "Timed out waiting for response to 'send-reaction'" }],
])("does what is stored though its answer is lost, and nothing else, as imsg %s", async (version, told) => {
  begin(version);
  const react = () => ask("tapback", { message_id: theirs.guid, reaction: "love" });
  lost({});
  await expect(react()).rejects.toMatchObject(told);
  expect(tapbacks()).toBe(0);
  lost({ stored: true });
  await expect(react()).rejects.toMatchObject(told);
  expect(tapbacks()).toBe(1);
  // The helper is there again, and an answer of it is one.
  await expect(react()).resolves.toMatchObject({ ok: true });
});

it("has sent what is in flight where it is stored, and goes no other way", async () => {
  begin("0.15.10");
  lost({ stored: true, inFlight: true });
  await expect(ask("send", { text: "once" })).rejects.toMatchObject({
    code: -32001,
    data: { disposition: "still_in_flight" },
  });
  lost({});
  await expect(ask("send", { text: "never" })).rejects.toMatchObject({ code: -32001 });
  lost({ stored: true });
  await expect(ask("chats.create", { addresses: ["sam@example.com"], text: "hi" })).rejects.toBeDefined();
  expect(texts()).toEqual(["hello", "once"]);
  expect(simulator.transcript("sam@example.com")).toMatchObject([{ text: "hi" }]);
});

it("falls through to AppleScript with a text that was sent, before 0.14.0", async () => {
  begin("0.13.0");
  lost({ stored: true });
  await expect(ask("send", { text: "twice" })).resolves.toMatchObject({ transport: "applescript" });
  lost({});
  await expect(ask("send", { text: "once" })).resolves.toMatchObject({ transport: "applescript" });
  expect(texts()).toEqual(["hello", "twice", "twice", "once"]);
});
