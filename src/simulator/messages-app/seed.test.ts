import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openPlace } from "../world/place.js";
import { openWorld, type World } from "../world/world.js";
import { writeInBulk } from "./bulk.js";
import { createGroup, ensureDirectChat } from "./chats.js";
import { insertMessage } from "./insert.js";
import { seedWorld } from "./seed.js";

let folder: string;
let world: World;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-"));
  world = openWorld({ place: openPlace({ home: folder, env: {} }) });
});
afterEach(() => {
  world.close();
  rmSync(folder, { recursive: true, force: true });
});

const layout = () => world.sql("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();
const count = (sql: string) => Number(Object.values(world.sql(sql).get() ?? {})[0]);

it("fills a world as if each message had been written by itself", () => {
  expect(seedWorld(world, { people: 20, messages: 500, days: 30, seed: 1 })).toEqual({
    people: 20,
    chats: 24,
    messages: 500,
  });
  expect(count("SELECT count(*) FROM message")).toBe(500);
  const rooms = `SELECT count(*) FROM message m JOIN chat_message_join j ON j.message_id = m.ROWID
    JOIN chat c ON c.ROWID = j.chat_id WHERE c.room_name IS NOT m.cache_roomnames`;
  expect(count(rooms)).toBe(0);
  expect(count("SELECT count(*) FROM message WHERE cache_roomnames IS NOT NULL")).toBeGreaterThan(0);
});

it("has every index and trigger again after many messages, also when they failed", () => {
  const before = layout();
  const many = 1_000_000;
  const chat = world.write(() => ensureDirectChat(world, "+15550100123"));
  const written = writeInBulk(world, many, () => {
    // Other processes see nothing of what is put aside meanwhile.
    expect(layout().length).toBeLessThan(before.length);
    const message = { chatId: chat.id, text: "one", handleId: 1, fromMe: false, service: "iMessage" };
    return insertMessage(world, { ...message, destination: null, at: 1_800_000_000_000 });
  });
  expect(layout()).toEqual(before);
  expect(count("SELECT count(*) FROM message")).toBe(1);
  expect(() =>
    writeInBulk(world, many, () => {
      throw new Error("full");
    }),
  ).toThrow("full");
  expect(layout()).toEqual(before);
  const group = world.write(() => createGroup(world, { members: ["+15550100123"] }));
  world.write(() => world.sql("INSERT INTO chat_message_join VALUES (?, ?, 1)").run(group.id, written.id));
  expect(world.sql("SELECT cache_roomnames FROM message").get()?.cache_roomnames).toBe(group.identifier);
});
