import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unpack } from "./tar.js";
import { writeArchive } from "./write-archive.js";

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-archive-"));
  target = join(folder, "b.tar.gz");
});
afterEach(() => rmSync(folder, { recursive: true }));

const filesOf = (text: string) => [1, 2, 3].map((n) => ({ name: `${n}`, from: { text } }));

/** What the archive in place holds. @throws `BACKUP_UNREADABLE` */
async function contents(): Promise<string[]> {
  const found: string[] = [];
  async function* whole() {
    yield gunzipSync(readFileSync(target));
  }
  await unpack(whole(), async () => {
    const parts: Buffer[] = [];
    return {
      write: async (piece) => void parts.push(Buffer.from(piece)),
      end: async () => void found.push(Buffer.concat(parts).toString()),
    };
  });
  return found;
}

it("leaves one whole archive of two that are written to one name at once", async () => {
  const [one, other] = ["a".repeat(300_000), "b".repeat(900_000)];
  await Promise.all([writeArchive(target, filesOf(one)), writeArchive(target, filesOf(other))]);
  const found = await contents();
  expect(found).toHaveLength(3);
  expect([one, other]).toContain(found[0]);
  expect(new Set(found).size).toBe(1);
  expect(readdirSync(folder)).toEqual(["b.tar.gz"]);
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

it("removes what killed runs to this name left long ago, and nothing else", async () => {
  const left = ["b.tar.gz.partial", "b.tar.gz.0123abcd.partial"];
  const others = [
    "b.tar.gz.mine.partial",
    "c.tar.gz.0123abcd.partial",
    "b.tar.gz.old",
    "b.tar.gz.4567abcd.partial",
  ];
  const longAgo = new Date(Date.now() - 2 * 3600_000);
  for (const name of [...left, ...others]) {
    writeFileSync(join(folder, name), "");
    // The last one may be of a run that writes.
    if (name !== others.at(-1)) utimesSync(join(folder, name), longAgo, longAgo);
  }
  await writeArchive(target, filesOf("x"));
  expect(readdirSync(folder).sort()).toEqual(["b.tar.gz", ...others].sort());
});

it("says why it cannot, and leaves nothing", async () => {
  await expect(writeArchive(join(folder, "none/b.tar.gz"), filesOf("x"))).rejects.toMatchObject({
    code: "BACKUP_UNWRITABLE",
  });
  const gone = [{ name: "gone", from: { path: join(folder, "gone") } }];
  await expect(writeArchive(target, gone)).rejects.toMatchObject({ code: "BACKUP_UNWRITABLE" });
  expect(readdirSync(folder)).toEqual([]);
});
