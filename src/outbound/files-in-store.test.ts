import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { item } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { removeFolder } from "../../test/support/remove-folder.js";
import { type BlobStore, blobIn } from "../store/index.js";
import { FilesInStore } from "./files-in-store.js";
import { stageBytes } from "./staging.js";

const folder = mkdtempSync(join(tmpdir(), "tapback-files-in-store-"));
afterAll(() => removeFolder(folder));

/** Files over a store that keeps their parts in memory; one of twelve bytes in three parts is there, beside another. */
async function kept() {
  const parts = new Map<string, Uint8Array[]>();
  const begun: [string, number][] = [];
  const tidied: object[] = [];
  const blobs: BlobStore = {
    begin: async (id, turnId, at) => {
      parts.set(id, []);
      begun.push([turnId, at]);
    },
    add: async (id, place, bytes) => {
      parts.get(id)![place] = bytes;
    },
    part: async (id, place) => parts.get(id)?.[place],
    tidy: async (which) => void tidied.push(which),
  };
  parts.set("other", [Buffer.from("neighbour")]);
  parts.set(
    "three",
    ["abcd", "efgh", "ijkl"].map((part) => Buffer.from(part)),
  );
  const sizesOf = (file: string) => parts.get(blobIn(file)!.id)!.map(({ length }) => length);
  return { files: new FilesInStore(blobs, new FakeClock(1000)), begun, tidied, sizesOf };
}

it("reads a file with all of its parts, and none that is longer than it may be", async () => {
  const { files } = await kept();
  expect((await files.read("three", 12))?.toString()).toBe("abcdefghijkl");
  expect(await files.read("three", 11)).toBeUndefined();
  expect(await files.read("nobody", 12)).toBeUndefined();
});

it("writes a file, and no more of it than shows that it is too long", async () => {
  const { files } = await kept();
  const path = join(folder, "new/deep/file");
  expect(await files.write("three", path, 12)).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("abcdefghijkl");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await files.write("three", path, 4)).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("abcdefgh");
  expect(await files.write("nobody", join(folder, "none/file"), 12)).toBe(false);
  expect(existsSync(join(folder, "none"))).toBe(false);
});

it("writes a file whole where a write takes a part of what it is given", async () => {
  const { files } = await kept();
  const some = await open(folder);
  const handles = Object.getPrototypeOf(some) as FileHandle;
  await some.close();
  const write = handles.write;
  const short = vi.spyOn(handles, "write").mockImplementation(function (this: FileHandle, bytes: unknown) {
    return Reflect.apply(write, this, [(bytes as Buffer).subarray(0, 3)]);
  });
  try {
    const path = join(folder, "short");
    expect(await files.write("three", path, 12)).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("abcdefghijkl");
  } finally {
    short.mockRestore();
  }
});

it("keeps a file in parts that one message to the server holds, with its name and its turn", async () => {
  const { files, begun, sizesOf } = await kept();
  const bytes = Buffer.alloc(1024 * 1024 + 1, 7);
  const whole = await files.keepBytes(bytes, "a.bin", "t1");
  expect(sizesOf(whole)).toEqual([512 * 1024, 512 * 1024, 1]);
  expect((await files.read(blobIn(whole)!.id, bytes.length))?.equals(bytes)).toBe(true);
  const path = join(folder, "note.txt");
  writeFileSync(path, "hello");
  const note = await files.keep(path, "t2");
  expect(sizesOf(note)).toEqual([5]);
  expect([whole, note].map((file) => blobIn(file)!.name)).toEqual(["a.bin", "note.txt"]);
  expect(sizesOf(await files.keepBytes(Buffer.alloc(0), "", "t3"))).toEqual([0]);
  expect(begun).toEqual([
    ["t1", 1000],
    ["t2", 1000],
    ["t3", 1000],
  ]);
});

it("carries the copies of messages, and leaves the others as they are", async () => {
  const { files, sizesOf } = await kept();
  const staged = await stageBytes(Buffer.from("photo"), "a.txt", join(folder, "out"), 1);
  if (!staged.ok) throw staged.error;
  const { path } = staged.value;
  const messages = [
    item("words"),
    item("", 7, { file: path }),
    item("", 8, { file: "blob:three/b.txt" }),
    item("last"),
  ];
  const carried = await files.carry(messages, "t1");
  expect(carried).toEqual([
    messages[0],
    { ...messages[1], file: carried[1]!.file },
    messages[2],
    messages[3],
  ]);
  expect(sizesOf(carried[1]!.file!)).toEqual([5]);
  expect(existsSync(path)).toBe(false);
});

it("clears up after one turn, or after what was begun before a time", async () => {
  const { files, tidied } = await kept();
  await files.turnEnded("t1");
  await files.sweep(500);
  expect(tidied).toEqual([{ turnId: "t1" }, { before: 500 }]);
});
