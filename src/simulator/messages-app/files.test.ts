import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { png, put } from "../../../test/support/sample-files.js";
import { openSimulator } from "../simulator.js";

const folder = mkdtempSync(join(tmpdir(), "files-"));
afterEach(async () => {
  vi.unstubAllEnvs();
  await removeFolder(folder);
});

it("finds the files of a home's Messages folder for whoever looks, whatever home that one has", () => {
  const home = join(folder, "mac");
  const world = openSimulator(join(home, "Library/Messages"));
  vi.stubEnv("HOME", home);
  vi.stubEnv("USERPROFILE", home);
  const { chatId } = world.say({ from: "+15550100123", attach: [put(folder, "dot.png", png)] });
  vi.stubEnv("HOME", join(folder, "another"));
  vi.stubEnv("USERPROFILE", join(folder, "another"));
  const [path = ""] = world.transcript(chatId)[0]!.attachments;
  expect(readFileSync(path)).toEqual(png);
  world.close();
});

it("stores a message once more with its files", () => {
  const world = openSimulator(join(folder, "again"));
  const { chatId, guid } = world.say({ from: "+15550100123", attach: [put(folder, "dot.png", png)] });
  world.reinsert(guid);
  const [first, again] = world.transcript(chatId);
  expect(first?.attachments).toHaveLength(1);
  expect(again?.attachments).toEqual(first?.attachments);
  world.close();
});
