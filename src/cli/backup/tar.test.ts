import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PackedFile, packed, unpack } from "./tar.js";

async function archiveOf(files: readonly PackedFile[]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of packed(files)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Unpacks an archive that comes in pieces of a size. */
async function contentsOf(archive: Buffer, pieceBytes: number): Promise<[string, string][]> {
  const found: [string, string][] = [];
  async function* pieces() {
    for (let at = 0; at < archive.length; at += pieceBytes) yield archive.subarray(at, at + pieceBytes);
  }
  await unpack(pieces(), async (name) => {
    const parts: Buffer[] = [];
    return {
      write: async (piece) => void parts.push(Buffer.from(piece)),
      end: async () => void found.push([name, Buffer.concat(parts).toString()]),
    };
  });
  return found;
}

describe("an archive", () => {
  it("gives back what was put into it, in pieces of any size", async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1200 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 200, max: 3000 }), async (lengths, size) => {
        const files = lengths.map((length, place) => ({
          name: `outgoing/${place}`,
          from: { text: "é".repeat(length) },
        }));
        expect(await contentsOf(await archiveOf(files), size)).toEqual(
          files.map(({ name, from }) => [name, from.text]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("is one that every tar can read, and takes files from the disk", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tapback-tar-"));
    try {
      writeFileSync(join(folder, "a"), "x".repeat(1500));
      const archive = await archiveOf([
        { name: "state.db", from: { path: join(folder, "a") } },
        { name: "memory/main/MEMORY.md", from: { text: "notes" } },
      ]);
      writeFileSync(join(folder, "all.tar"), archive);
      const listed = execFileSync("tar", ["tvf", join(folder, "all.tar")], { encoding: "utf8" });
      expect(listed).toMatch(/^-rw-------.*1500.*state\.db\n-rw-------.*5.*memory\/main\/MEMORY\.md\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is refused when it is cut off, damaged, or leads out of its folder", async () => {
    const archive = await archiveOf([{ name: "a", from: { text: "x".repeat(600) } }]);
    for (const length of [0, 100, 512, 900, 1536])
      await expect(contentsOf(archive.subarray(0, length), 512)).rejects.toMatchObject({
        code: "BACKUP_UNREADABLE",
      });
    const damaged = Buffer.from(archive);
    damaged[3] = 7;
    await expect(contentsOf(damaged, 512)).rejects.toMatchObject({ code: "BACKUP_UNREADABLE" });
    for (const name of ["../env", "/etc/passwd", "a/../../b", "a//b"])
      await expect(contentsOf(await archiveOf([{ name, from: { text: "" } }]), 512)).rejects.toMatchObject({
        code: "BACKUP_UNREADABLE",
      });
  });
});
