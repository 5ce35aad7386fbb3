import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isAttachmentPathAllowed } from "../../../src/access/index.js";
import { takeFile } from "../../../src/turns/media/take-file.js";
import { hostileNames, hostilePaths, secret } from "../../support/hostile-paths.js";
import { MediaLab } from "../../support/media-lab.js";

const lab = new MediaLab({}, "dist-test");
const { gateway } = lab;
const { root, paths } = hostilePaths(gateway.folder);

/** What is sent names a path that the database has. */
const named = (path: string, name = basename(path)) => ({
  guid: crypto.randomUUID(),
  path,
  name,
  uti: "public.png",
  mime: "image/png",
  bytes: 12,
});

// Most of them name nothing, and would be waited for.
beforeAll(() => lab.startHere({}, {}, { TAPBACK_TEST_FILES_MS: "300" }), 30_000);
afterAll(() => gateway.close());

it(`reads none of ${paths.length} hostile paths, runs nothing, and logs each once`, async () => {
  expect(paths.length).toBeGreaterThanOrEqual(140);
  const before = readdirSync(gateway.folder).sort();
  // Twenty fit into one turn; each message has its own sender, so that they run side by side.
  const guids: string[] = [];
  for (let at = 0; at < paths.length; at += 20) {
    const files = paths.slice(at, at + 20).map(({ path, name }) => named(path, name));
    guids.push(gateway.mac.sendFiles(`+1555010${1000 + at}`, files, `batch ${at}`));
  }
  const looked = (await Promise.all(guids.map((guid) => lab.filesOf(guid)))).flat();
  expect(looked).toHaveLength(paths.length);
  for (const [index, file] of looked.entries()) {
    expect(file, paths[index]!.path).not.toHaveProperty("path");
    expect(file.note, paths[index]!.path).toMatch(/^(refused: |the file )/);
    // An agent learns nothing of this machine's folders.
    expect(JSON.stringify(file)).not.toContain(gateway.folder);
    expect(file.name).toMatch(/^[^/\\\u0000-\u001f\u202a-\u202e]{1,100}$/u);
  }
  expect(JSON.stringify(lab.turns())).not.toContain(secret);
  expect(lab.logged("an attachment is not handed to the agent")).toHaveLength(paths.length);
  expect(readdirSync(gateway.folder).filter((name) => !before.includes(name))).toEqual(["looked.jsonl"]);
  for (const where of [gateway.folder, root, join(gateway.folder, "work"), process.cwd()])
    expect(existsSync(join(where, "pwned"))).toBe(false);
}, 60_000);

it("takes none of them where the database says that it is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tapback-taken-"));
  const { signal } = new AbortController();
  try {
    for (const { path } of paths) {
      const taken = await takeFile(path, join(folder, "taken"), { roots: [root], maxMb: 1 }, signal);
      expect(taken, path).toMatchObject({ ok: false });
    }
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("reads good files whatever they are called, and their names stay names", async () => {
  const files = hostileNames(root);
  const guid = gateway.mac.sendFiles(
    "+15550100123",
    files.map((path) => named(path)),
  );
  const looked = await lab.filesOf(guid);
  expect(looked.map(({ text }) => text)).toEqual(
    files.map((path) =>
      Buffer.from(`good ${basename(path)}`)
        .toString("latin1")
        .slice(0, 200),
    ),
  );
  const own = new RegExp(`^${gateway.folder}/state/turns/[^/]+/in/\\d+/[^/]+$`);
  for (const { path, name } of looked) {
    expect(path).toMatch(own);
    expect(name).toMatch(/^[^/\\\u0000-\u001f\u202a-\u202e]{1,100}$/u);
  }
  expect(existsSync(join(gateway.folder, "pwned"))).toBe(false);
});

it("would let none of them be fetched from another Mac, where the text alone is judged", () => {
  // Links cannot be seen in a text: there the other Mac's own check decides.
  const outside = paths.filter(({ what }) => !/link|shell|plain file|long/.test(what));
  expect(outside.length).toBeGreaterThanOrEqual(60);
  for (const { path } of outside) expect(isAttachmentPathAllowed(path, [root]), path).toBe(false);
});
