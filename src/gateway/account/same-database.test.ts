import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Account, parseConfig, resolveAccounts } from "../../config/index.js";
import { twinsAmong } from "./same-database.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-twins-"));
  mkdirSync(join(folder, "Messages"));
  writeFileSync(join(folder, "Messages/chat.db"), "");
  symlinkSync(join(folder, "Messages"), join(folder, "link"));
  symlinkSync(join(folder, "Messages/chat.db"), join(folder, "chat.db"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function twins(one: object, other: object): Promise<[string, string][]> {
  const text = JSON.stringify({ channels: { imessage: { accounts: { home: one, work: other } } } });
  const config = await parseConfig(text, {});
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const accounts: Account[] = resolveAccounts(config.value.config);
  const { served, twinOf } = twinsAmong(accounts, folder);
  expect(served.length + twinOf.size).toBe(2);
  return [...twinOf];
}

const work = [["work", "home"]];

it.each(["Messages/chat.db", "link/chat.db", "chat.db", "Messages/../Messages/chat.db"])(
  "knows a database by the path %s",
  async (path) => {
    expect(await twins({ dbPath: `${folder}/Messages/chat.db` }, { dbPath: `${folder}/${path}` })).toEqual(
      work,
    );
    expect(await twins({ dbPath: "~/Messages/chat.db" }, { dbPath: `${folder}/${path}` })).toEqual(work);
  },
);

it("knows it also before it is there, and where imsg picks its own", async () => {
  expect(await twins({ dbPath: "/none/a" }, { dbPath: "/none/a" })).toEqual(work);
  expect(await twins({}, { cliPath: "/usr/local/bin/imsg" })).toEqual(work);
  expect(await twins({ remoteHost: "kim@mac" }, { remoteHost: "kim@mac" })).toEqual(work);
});

it("takes a path that nobody can look at for a database of its own: the account says what is wrong with it", async () => {
  // A file as a folder, a loop and a name that is too long fail as a folder does that is another user's.
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  const sound = { dbPath: join(folder, "chat.db") };
  for (const path of [
    "Messages/chat.db/",
    "Messages/chat.db/x",
    "loop/chat.db",
    `${"x".repeat(300)}/chat.db`,
  ])
    for (const [one, other] of [
      [sound, { dbPath: `${folder}/${path}` }],
      [{ dbPath: `${folder}/${path}` }, sound],
    ])
      expect(await twins(one!, other!), path).toEqual([]);
  expect(await twins({ dbPath: join(folder, "loop/a") }, { dbPath: join(folder, "loop/a") })).toEqual(work);
});

it("keeps apart what other paths, machines and users have", async () => {
  const dbPath = join(folder, "chat.db");
  expect(await twins({ dbPath: "/none/a" }, { dbPath: "/none/b" })).toEqual([]);
  expect(await twins({ dbPath }, { dbPath, remoteHost: "kim@mac" })).toEqual([]);
  expect(await twins({ dbPath, remoteHost: "sam@mac" }, { dbPath, remoteHost: "kim@mac" })).toEqual([]);
  expect(await twins({ cliPath: "/bin/as-kim" }, { cliPath: "/bin/as-sam" })).toEqual([]);
});
