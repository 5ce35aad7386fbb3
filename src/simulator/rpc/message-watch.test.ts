import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { ChatBook } from "../reading/chats.js";
import type { MessageObject } from "../reading/messages.js";
import { openSimulator, type Simulator } from "../simulator.js";
import { systemHost } from "../world/host.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { MessageWatch } from "./message-watch.js";

const mia = "+15550100123";
const sam = "+15550100124";

let folder: string;
let clock: FakeClock;
let simulator: Simulator;
let world: World;
let reported: MessageObject[];
let watch: MessageWatch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watch-"));
  clock = new FakeClock();
  begin("0.19.1");
});
afterEach(() => {
  world.close();
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function begin(version: string, liveAfter = 0): void {
  const host = { ...systemHost, clock };
  simulator = openSimulator(folder, { version }, host);
  world = openWorld({ place: openPlace({ home: folder, env: {}, host }) });
  reported = [];
  watch = new MessageWatch(world, new ChatBook(world, false), new Map(), {
    chatId: undefined,
    sinceRowId: -1,
    filter: {},
    detail: { attachments: false, convert: false, reactions: false },
    includeTapbacks: false,
    liveAfter,
    emit: (message) => reported.push(message),
  });
}

function again(version: string, liveAfter?: number): void {
  world.close();
  simulator.close();
  begin(version, liveAfter);
}

/** What a poll after so long reports. */
async function after(ms: number): Promise<MessageObject[]> {
  await clock.advance(ms);
  reported = [];
  watch.poll();
  return reported;
}

it("reports what was taken back while it was held as it is, once, and its neighbour as it was written", async () => {
  const { guid } = simulator.say({ from: mia, text: "Delete it" });
  simulator.say({ from: sam, text: "Keep it" });
  expect(await after(250)).toEqual([]);
  simulator.unsend(guid);
  expect(await after(500)).toEqual([]);
  expect(await after(2000)).toMatchObject([{ guid, text: "", is_unsent: true }, { text: "Keep it" }]);
  expect(await after(5000)).toEqual([]);
});

it("reports what was edited while it was held with its new text, also with its preview", async () => {
  const { guid } = simulator.say({ from: mia, text: "Look https://example.com/a", splitMs: 1000 });
  await after(250);
  simulator.edit(guid, "See https://example.com/a");
  await after(250);
  expect(await after(600)).toMatchObject([
    { guid, text: "See https://example.com/a", is_edited: true, url_preview: expect.anything() },
  ]);
  expect(await after(5000)).toEqual([]);
  simulator.edit(guid, "Seen https://example.com/a");
  expect(await after(100)).toMatchObject([{ guid, text: "Seen https://example.com/a" }]);
});

it("reports what was changed before it was read at all only once", async () => {
  again("0.19.1", 10);
  const { guid } = simulator.say({ from: mia, text: "tomorow" });
  await clock.advance(10);
  simulator.edit(guid, "tomorrow");
  const all = [...(await after(100)), ...(await after(100)), ...(await after(100))];
  expect(all).toMatchObject([{ guid, text: "tomorrow" }]);
});

it("reports a row as it was first seen where imsg tells of no changes", async () => {
  again("0.15.10");
  const { guid } = simulator.say({ from: mia, text: "tomorow" });
  await after(250);
  simulator.edit(guid, "tomorrow");
  expect([...(await after(500)), ...(await after(2000)), ...(await after(5000))]).toMatchObject([
    { guid, text: "tomorow" },
  ]);
});

it("keeps the cursor before a row whose chat is not known yet, and goes on once it is", async () => {
  again("0.19.1", 10);
  simulator.fault({ kind: "late-join", ms: 1000, times: 1 });
  const late = simulator.say({ from: mia, text: "Late" });
  const soon = simulator.say({ from: sam, text: "Soon" });
  expect(await after(100)).toMatchObject([{ id: soon.id, cursor: late.id - 1 }]);
  expect(await after(1000)).toMatchObject([{ id: late.id, cursor: late.id }]);
  const next = simulator.say({ from: sam, text: "Next" });
  expect(await after(100)).toMatchObject([{ id: next.id, cursor: next.id }]);
});

it("resumes before what it has read and not reported", async () => {
  simulator.fault({ kind: "late-join", ms: 60_000, times: 1 });
  const late = simulator.say({ from: mia, text: "Late" });
  const held = simulator.say({ from: sam, text: "Held" });
  await after(100);
  expect(watch.resumeAfter(held.id + 1)).toBe(late.id - 1);
  await clock.advance(60_000);
  for (let looks = 0; looks < 3; looks++) await after(2100);
  expect(watch.resumeAfter(held.id + 1)).toBe(held.id);
});

it("keeps the cursor before what stands between a text and its preview, and is held back itself", async () => {
  again("0.15.10");
  const text = simulator.say({ from: mia, text: "see https://example.com/a", splitMs: 100 });
  const between = simulator.say({ from: sam, text: "rope or boulder?" });
  await clock.advance(150);
  const last = simulator.say({ from: sam, text: "boulder" });
  const first = await after(100);
  expect(first).toMatchObject([{ id: text.id, url_preview: { id: between.id + 1 }, cursor: text.id }]);
  expect(await after(2100)).toMatchObject([
    { id: between.id, cursor: between.id },
    { id: last.id, cursor: last.id },
  ]);
});

it("goes on behind a preview that follows its text at once", async () => {
  again("0.15.10");
  const text = simulator.say({ from: mia, text: "see https://example.com/a", splitMs: 0 });
  const other = simulator.say({ from: sam, text: "and https://example.com/b", splitMs: 0 });
  expect(await after(100)).toMatchObject([
    { id: text.id, cursor: text.id + 1 },
    { id: other.id, cursor: other.id + 1 },
  ]);
});
