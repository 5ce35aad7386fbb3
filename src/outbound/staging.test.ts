import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { Bench, item } from "../../test/contract/store/bench.js";
import { FakeClock } from "../../test/support/fake-clock.js";
import { heads, png, put } from "../../test/support/sample-files.js";
import { ok } from "../platform/index.js";
import { type BlobStore, openStore, type Store } from "../store/index.js";
import { OutgoingFiles, outgoingFolder } from "./outgoing-files.js";
import { checkStaged, removeStaged, stageBytes, stageFile } from "./staging.js";

const stores = new Bench(openStore);
let store: Store;
let folder: string;
let given: string;
beforeEach(async () => {
  ({ store } = await stores.claimed());
  given = realpathSync(stores.folder);
  folder = outgoingFolder(given);
});

const mb = 1024 * 1024;

async function staged(name = "photo.png", content: Uint8Array | string = png): Promise<string> {
  const done = await stageFile(put(given, name, content), folder, 1);
  if (!done.ok) throw done.error;
  return done.value.path;
}

describe("a file that waits to be sent", () => {
  it("keeps what a file system takes of a long name, and its ending", async () => {
    const done = await stageBytes(png, `${"日".repeat(95)}.png`, folder, 1);
    expect(done.ok && basename(done.value.path)).toBe(`${"日".repeat(78)}.png`);
    const unnamed = await stageBytes(png, "日".repeat(95), folder, 1);
    expect(unnamed.ok && basename(unnamed.value.path)).toBe(`${"日".repeat(80)}.png`);
  });

  it("is a copy under its own name, in a folder of its own that nobody else may read", async () => {
    const path = await staged();
    expect(readFileSync(path)).toEqual(png);
    expect(basename(path)).toBe("photo.png");
    expect(dirname(dirname(path))).toBe(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o077).toBe(0);
    const other = await staged();
    expect(dirname(other)).not.toBe(dirname(path));
    await removeStaged(path);
    expect(readdirSync(folder)).toEqual([basename(dirname(other))]);
  });

  it("gets the ending that its content has, where it has none", async () => {
    expect(basename(await staged("photo"))).toBe("photo.png");
    expect(basename(await staged("photo.txt"))).toBe("photo.txt");
    const bytes = await stageBytes(heads.pdf, "", folder, 1);
    expect(bytes).toMatchObject({ ok: true, value: { mimeType: "application/pdf" } });
    expect(bytes.ok && bytes.value.path).toMatch(/\.pdf$/);
  });

  it("may be as large as is allowed, and not larger; nothing is left of what is not", async () => {
    expect((await stageBytes(Buffer.alloc(mb), "a", folder, 1)).ok).toBe(true);
    expect(await stageBytes(Buffer.alloc(mb + 1), "a", folder, 1)).toMatchObject({
      error: { code: "FILE_TOO_LARGE", message: "the file is larger than the 1 MB that are allowed" },
    });
    const before = readdirSync(folder).length;
    const refused = [
      [put(given, "large", Buffer.alloc(mb + 1)), "FILE_TOO_LARGE"],
      [join(given, "gone"), "FILE_MISSING"],
      [given, "FILE_REFUSED"],
    ] as const;
    for (const [path, code] of refused)
      expect(await stageFile(path, folder, 1)).toMatchObject({ error: { code } });
    expect(readdirSync(folder)).toHaveLength(before);
  });
});

describe("a file that is about to be sent", () => {
  it("is the plain file that was put there, and nothing in its place", async () => {
    const path = await staged();
    expect(await checkStaged(path, folder, 1)).toBeUndefined();
    const replace = async (by: () => void) => {
      rmSync(path, { recursive: true });
      by();
      return (await checkStaged(path, folder, 1))?.code;
    };
    expect(await replace(() => mkdirSync(path))).toBe("FILE_REFUSED");
    expect(await replace(() => symlinkSync(put(given, "secret.png", png), path))).toBe("FILE_REFUSED");
    expect(await replace(() => {})).toBe("FILE_MISSING");
    put(dirname(path), basename(path), Buffer.alloc(mb));
    expect(await checkStaged(path, folder, 1)).toBeUndefined();
    put(dirname(path), basename(path), Buffer.alloc(mb + 1));
    expect(await checkStaged(path, folder, 1)).toMatchObject({ code: "FILE_TOO_LARGE" });
  });

  it("lies in the folder of files that wait, in one of its own", async () => {
    await staged();
    const elsewhere = put(given, "other/1/a.png", png);
    expect((await checkStaged(elsewhere, folder, 1))?.code).toBe("FILE_REFUSED");
    expect((await checkStaged(put(folder, "a.png", png), folder, 1))?.code).toBe("FILE_REFUSED");
    expect((await checkStaged(put(folder, "1/deep/a.png", png), folder, 1))?.code).toBe("FILE_REFUSED");
    const own = put(folder, "1/a.png", png);
    symlinkSync(join(folder, "1"), join(folder, "2"));
    expect((await checkStaged(join(folder, "2/a.png"), folder, 1))?.code).toBe("FILE_REFUSED");
    expect(await checkStaged(own, folder, 1)).toBeUndefined();
    linkSync(own, join(folder, "1/b.png"));
  });
});

describe("the copies of files that wait", () => {
  const hour = 3600_000;

  it("are judged where an item has one", async () => {
    const files = new OutgoingFiles(given, store, new FakeClock());
    const path = await staged();
    expect(await files.ready({ file: path } as never, 1)).toEqual(ok(path));
    const missing = await files.ready({ file: join(given, "x") } as never, 1);
    expect(missing).toMatchObject({ ok: false, error: { code: "FILE_MISSING" } });
  });

  it("are made where a file is kept in the store, judged, and go with it once it was sent", async () => {
    const parts = new Map([["f1", ["one ", "two"]]]);
    const tidied: unknown[] = [];
    const blobs = {
      part: async (id: string, place: number) => {
        const text = parts.get(id)?.[place];
        return text === undefined ? undefined : Buffer.from(text);
      },
      tidy: async (which: unknown) => void tidied.push(which),
    } as unknown as BlobStore;
    const files = new OutgoingFiles(given, { ...store, blobs }, new FakeClock());
    const file = "blob:f1/a photo.txt";
    const ready = await files.ready({ file } as never, 1);
    expect(ready).toEqual(ok(join(folder, "f1/a photo.txt")));
    expect(readFileSync(join(folder, "f1/a photo.txt"), "utf8")).toBe("one two");
    const gone = await files.ready({ file: "blob:../../f2/x" } as never, 1);
    expect(gone).toMatchObject({ ok: false, error: { code: "FILE_MISSING" } });
    parts.set("f3", ["x".repeat(700_000), "x".repeat(700_000)]);
    const large = await files.ready({ file: "blob:f3/large" } as never, 1);
    expect(large).toMatchObject({ ok: false, error: { code: "FILE_TOO_LARGE" } });
    await files.settled({ id: 99, turnId: "t", file } as never);
    expect(readdirSync(folder)).not.toContain("f1");
    expect(tidied).toEqual([{ turnId: "t" }]);
    // What crashes left in the store goes too, and the copy of what still waits stays.
    await files.ready({ file } as never, 1);
    await store.outbox.add("default", item("", 7, { file }), 1);
    const clock = new FakeClock(Date.now() + 2 * hour);
    await new OutgoingFiles(given, { ...store, blobs }, clock).sweep();
    expect(tidied.at(-1)).toEqual({ before: clock.now() - hour });
    expect(readdirSync(folder)).toEqual(["f1"]);
  });

  it("go when their send ended, and stay while it is open", async () => {
    const { claim } = await store.accounts.claim("default", "node-1");
    const files = new OutgoingFiles(given, store, new FakeClock());
    const [mine, other] = [await staged(), await staged()];
    const ids = [
      await store.outbox.add("default", item("", 7, { file: mine }), 1),
      await store.outbox.add("default", item("", 8, { file: other }), 1),
    ];
    const settled = async (id: number) => files.settled((await store.outbox.get(id))!);
    const there = () => readdirSync(folder).length;
    await settled(ids[0]!);
    expect(there()).toBe(2);
    const taken = await store.outbox.take(claim, 9, 1);
    await settled(ids[0]!);
    expect(there()).toBe(2);
    await store.outbox.settle(taken[0]!.claim, { state: "stored" }, 2);
    await settled(ids[0]!);
    expect(readdirSync(folder)).toEqual([basename(dirname(other))]);
    await files.settled(item("no file") as never);
  });

  it("that nothing names are removed when they are old, and only those", async () => {
    const clock = new FakeClock();
    const files = new OutgoingFiles(given, store, clock);
    await files.sweep();
    const paths = {
      named: await staged(),
      fresh: await staged(),
      old: await staged(),
      justOld: await staged(),
    };
    await store.outbox.add("default", item("", 7, { file: paths.named }), 1);
    const age = (path: string, ms: number) => {
      const at = (clock.now() - ms) / 1000;
      utimesSync(dirname(path), at, at);
    };
    age(paths.named, 2 * hour);
    age(paths.fresh, hour - 1000);
    age(paths.old, 2 * hour);
    age(paths.justOld, hour);
    await files.sweep();
    const left = [paths.named, paths.fresh, paths.justOld].map((path) => basename(dirname(path)));
    expect(readdirSync(folder).sort()).toEqual(left.sort());
  });
});
