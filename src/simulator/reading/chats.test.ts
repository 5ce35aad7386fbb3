import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { insertMessage } from "../messages-app/insert.js";
import { openSimulator, type Simulator } from "../simulator.js";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { ChatBook, listChats } from "./chats.js";

let folder: string;
let simulator: Simulator;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chats-"));
  simulator = openSimulator(folder, { version: "0.13.0" });
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
});
afterEach(() => {
  world.close();
  simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = Date.UTC(2026, 4, 9);
const say = (who: number, at: number, more: object = {}) =>
  simulator.say({ from: `+1555010${1000 + who}`, text: "hello", at: start + at, ...more });
const listed = (limit: number, unreadOnly = false) =>
  listChats(world, new ChatBook(world, false), { limit, unreadOnly, form: "rpc" }).map(
    ({ identifier, unread_count }) => [Number(String(identifier).slice(-2)), unread_count],
  );

it.each([
  ["0.13.0", [3, 4, 5]],
  ["0.14.0", [5, 4, 3]],
])("lists the newest, those with one time as imsg %s does", (version, together) => {
  simulator.set({ version });
  world.close();
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
  for (let who = 0; who < 6; who++) say(who, who < 4 ? who * 1000 : 3000);
  expect(listed(2).map(([who]) => who)).toEqual(together.slice(0, 2));
  expect(listed(20).map(([who]) => who)).toEqual([...together, 2, 1, 0]);
});

it("lists a chat whose only message has no date, at the beginning of 2001", () => {
  say(1, 0);
  const { id } = say(2, 1000);
  world.write(() => world.sql("UPDATE message SET date = NULL WHERE ROWID = ?").run(id));
  expect(listed(20).map(([who]) => who)).toEqual([1, 2]);
  const [, last] = listChats(world, new ChatBook(world, false), { limit: 2, form: "rpc" });
  expect(last?.last_message_at).toBe("2001-01-01T00:00:00.000Z");
});

it.each([130, 3200])("finds those that %i messages of a talkative one hide", (many) => {
  say(1, 0);
  say(2, 1);
  const { id, chatId } = say(3, 1000);
  world.write(() => {
    const { handle_id: handleId } = world.sql("SELECT handle_id FROM message WHERE ROWID = ?").get(id)!;
    const message = { chatId, text: "and", handleId: Number(handleId), fromMe: false, service: "iMessage" };
    for (let i = 1; i < many; i++)
      insertMessage(world, { ...message, destination: null, at: start + 1000 + i });
  });
  expect(listed(2)).toEqual([
    [3, many],
    [2, 1],
  ]);
});

it("leaves out chats without messages, and counts a link's preview with its text", () => {
  simulator.group(["+15550101001", "+15550101002"]);
  say(1, 0, { text: "look https://example.com/1", splitMs: 500 });
  say(2, 5000, { text: "https://example.com/2", splitMs: 0 });
  expect(listed(20)).toEqual([
    [2, 1],
    [1, 1],
  ]);
});

it("lists those with something unread alone", () => {
  const { chatId } = say(1, 0);
  say(2, 1000);
  simulator.say({ from: "me", chat: chatId, text: "answer", at: start + 9000 });
  world.write(() => world.sql("UPDATE message SET is_read = 1 WHERE handle_id = 2").run());
  expect(listed(20, true)).toEqual([[1, 1]]);
});
