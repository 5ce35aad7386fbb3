import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { put } from "../../test/support/sample-files.js";
import { turnLabs } from "../../test/support/turn-lab.js";
import { TurnFolders } from "./turn-folders.js";

const open = turnLabs();

it("removes the folders of turns that are over or unknown, and of no other", async () => {
  const lab = open();
  for (const id of ["done", "running", "queued"])
    await lab.queue(id, { session: id === "queued" ? "running" : id });
  const claimed = await lab.store.turns.claim("node", 9, lab.clock.now());
  const done = claimed.find(({ turn }) => turn.id === "done")!;
  await lab.store.turns.end(done.claim, { outcome: "failed", replies: [] }, lab.clock.now(), false);
  const folders = new TurnFolders(lab.folder, lab.store);
  await folders.sweep();
  const ids = ["done", "running", "queued", "unknown"];
  for (const id of ids) put(folders.inboxOf(id), "1/a.png", "x");
  expect(folders.inboxOf("done")).toBe(join(folders.pathOf("done"), "in"));
  const there = () => ids.filter((id) => existsSync(folders.pathOf(id)));
  await folders.tidy("running");
  await folders.tidy("nobody");
  expect(there()).toEqual(ids);
  await folders.tidy("done");
  expect(there()).toEqual(["running", "queued", "unknown"]);
  await folders.sweep();
  expect(there()).toEqual(["running", "queued"]);
});
