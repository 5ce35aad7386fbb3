import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { VirtualClock } from "../../testing/index.js";
import { OneProcess } from "../one-process/one-process.js";
import { openPlace } from "./place.js";
import { openWorld } from "./world.js";

it("is one database in memory for a Mac and its imsg, and another one for another Mac", () => {
  const base = mkdtempSync(join(tmpdir(), "connection-"));
  const open = (name: string, host = hostOf(base, name)) => {
    const place = openPlace({ home: join(base, name), env: {}, host });
    return { world: openWorld({ place }), host };
  };
  const mac = open("mac");
  const imsg = open("mac", mac.host);
  const other = open("other");
  const add = (world: typeof mac.world, id: string) =>
    world.write(() => world.sql("INSERT INTO handle (id, service) VALUES (?, 'iMessage')").run(id));
  const handles = (world: typeof mac.world) =>
    world
      .sql("SELECT id FROM handle ORDER BY id")
      .all()
      .map(({ id }) => id);

  add(mac.world, "kim@example.com");
  add(imsg.world, "sam@example.com");
  expect(handles(mac.world)).toEqual(["kim@example.com", "sam@example.com"]);
  expect(handles(other.world)).toEqual([]);
  expect(readdirSync(join(base, "mac"))).toEqual([]);

  // What ended writes nothing any more, and takes the database from nobody.
  imsg.world.close();
  expect(() => add(imsg.world, "late@example.com")).toThrow("database is not open");
  expect(() => handles(imsg.world)).toThrow("database is not open");
  add(mac.world, "tom@example.com");
  expect(handles(mac.world)).toEqual(["kim@example.com", "sam@example.com", "tom@example.com"]);
  mac.world.close();
  other.world.close();
});

function hostOf(base: string, name: string) {
  return new OneProcess({ folder: join(base, name), clock: new VirtualClock(), inMemory: true }).host;
}
