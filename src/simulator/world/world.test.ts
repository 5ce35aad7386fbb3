import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openWorld } from "./world.js";

it("does not do in a closed world what was put off", async () => {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  try {
    const world = openWorld({ db: join(folder, "chat.db"), env: {} });
    const done: string[] = [];
    world.later(1, () => world.write(() => void done.push("in time")));
    await world.settled();
    world.later(1, () => world.write(() => void done.push("too late")));
    world.close();
    await world.settled();
    expect(done).toEqual(["in time"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it("does at once what was put off, and what that puts off in turn", () => {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  const world = openWorld({ db: join(folder, "chat.db"), env: {} });
  try {
    const done: string[] = [];
    world.later(60_000, () => {
      done.push("written");
      world.later(60_000, () => void done.push("joined"));
    });
    world.finish();
    expect(done).toEqual(["written", "joined"]);
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

it("drops what fails later, and tells who waits for it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "world-"));
  const world = openWorld({ db: join(folder, "chat.db"), env: {} });
  const failing = () => {
    throw new Error("no place for it");
  };
  try {
    world.later(1, failing);
    await expect(world.settled()).rejects.toThrow("no place for it");
    await world.settled();
    const done: string[] = [];
    world.later(60_000, failing);
    world.later(60_000, () => void done.push("the next"));
    world.finish();
    expect(done).toEqual(["the next"]);
  } finally {
    world.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
