import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { systemHost } from "../world/host.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { deleteMessage } from "./change.js";
import { type ChatRow, ensureDirectChat } from "./chats.js";
import { deliver } from "./deliver.js";
import { deleteChat } from "./group.js";
import { findMessage } from "./threads.js";

const mia = "+15550100123";
const sam = "+15550100124";

let folder: string;
let clock: FakeClock;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deliver-"));
  clock = new FakeClock();
  world = openWorld({ place: openPlace({ home: folder, env: {}, host: { ...systemHost, clock } }) });
});
afterEach(() => {
  world.close();
  rmSync(folder, { recursive: true, force: true });
});

const chatWith = (handle: string) => world.write(() => ensureDirectChat(world, handle));
const write = (chat: ChatRow, text: string) =>
  deliver(world, { chat, from: { handle: chat.identifier }, text }, "say");
const joined = () =>
  world
    .sql("SELECT message_id AS id FROM chat_message_join ORDER BY message_id")
    .all()
    .map(({ id }) => id);

it("brings what comes late into no chat that was deleted meanwhile, and into its neighbour", async () => {
  world.faults.add([{ kind: "late-join" }]);
  const chats = [chatWith(mia), chatWith(sam)];
  const [, kept] = chats.map((chat) => write(chat, "late"));
  deleteChat(world, chats[0]!);
  await clock.advance(1500);
  await world.settled();
  expect(joined()).toEqual([kept!.id]);
});

it("brings no message late that was deleted meanwhile, and its neighbour", async () => {
  world.faults.add([{ kind: "late-join" }]);
  const chat = chatWith(mia);
  const [gone, kept] = [write(chat, "one"), write(chat, "two")];
  deleteMessage(world, findMessage(world, gone.guid));
  await clock.advance(1500);
  await world.settled();
  expect(joined()).toEqual([kept.id]);
});

it("writes no link later into a chat that was deleted meanwhile", async () => {
  world.faults.add([{ kind: "split-send", ms: 1500 }]);
  const chat = chatWith(mia);
  write(chat, "see https://example.com/a");
  deleteChat(world, chat);
  await clock.advance(1500);
  await world.settled();
  expect(world.sql("SELECT count(*) AS n FROM message").get()?.n).toBe(0);
});

it("answers in a thread whose first message is gone", () => {
  const chat = chatWith(mia);
  const first = write(chat, "first");
  const second = deliver(world, { chat, from: "me", text: "second", replyTo: first.guid }, "own");
  deleteMessage(world, findMessage(world, first.guid));
  const third = deliver(world, { chat, from: "me", text: "third", replyTo: second.guid }, "own");
  expect(findMessage(world, third.guid).threadRoot).toBe(first.guid);
});
