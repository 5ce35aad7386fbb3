import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import { copyFile } from "./copy-file.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "tapback-copy-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
const into = () => join(folder, `copy-${copies++}`);
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Takes turns, as fast as it can, at what a name stands for. */
const swapper = `
  const { renameSync } = require("node:fs");
  const { workerData: [one, other, place] } = require("node:worker_threads");
  for (;;) {
    renameSync(place, one + ".away"); renameSync(other, place);
    renameSync(place, other); renameSync(one + ".away", place);
  }`;

/** A copy without its checks reads a secret within a hundred. */
const tries = process.env.TAPBACK_ALL_CASES ? 3000 : 600;

/** Copies again and again while a worker puts a link in the place of a file or folder. */
async function race(place: string, link: string, path: string): Promise<string[]> {
  const worker = new Worker(swapper, { eval: true, workerData: [`${place}.x`, link, place] });
  const read: string[] = [];
  try {
    for (let i = 0; i < tries; i++) {
      const to = into();
      const done = await copyFile(path, to, 1000);
      if (done.ok) read.push(readFileSync(to, "utf8"));
    }
  } finally {
    await worker.terminate();
  }
  return read;
}

describe("copyFile", () => {
  it("copies up to the limit and not a byte beyond", async () => {
    const path = file("ten", "0123456789");
    const to = into();
    expect(await copyFile(path, to, 10)).toEqual({ ok: true, bytes: 10 });
    expect(readFileSync(to, "utf8")).toBe("0123456789");
    expect(await copyFile(path, into(), 9)).toEqual({ ok: false, problem: "too_large" });
    expect(await copyFile(file("none", ""), into(), 9)).toEqual({ ok: true, bytes: 0 });
  });

  it("takes plain files alone, and is not held up by a pipe", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync(file("target", "t"), join(folder, "link"));
    const of = async (path: string) => copyFile(path, into(), 100);
    expect(await of(join(folder, "pipe"))).toEqual({ ok: false, problem: "not_a_file" });
    expect(await of(folder)).toEqual({ ok: false, problem: "not_a_file" });
    expect(await of("/dev/null")).toEqual({ ok: false, problem: "not_a_file" });
    expect(await of(join(folder, "link"))).toEqual({ ok: false, problem: "replaced" });
    expect(await of(join(folder, "nothing"))).toEqual({ ok: false, problem: "missing" });
  });

  it("refuses a file behind a folder that became a link", async () => {
    mkdirSync(join(folder, "elsewhere"));
    file("elsewhere/a", "secret");
    symlinkSync(join(folder, "elsewhere"), join(folder, "judged"));
    expect(await copyFile(join(folder, "judged/a"), into(), 100)).toEqual({ ok: false, problem: "replaced" });
  });

  it("never reads what takes the file's place, however fast", async () => {
    file("secret", "secret");
    const place = file("here", "good");
    symlinkSync(join(folder, "secret"), join(folder, "to-secret"));
    const read = await race(place, join(folder, "to-secret"), place);
    expect(new Set(read)).toEqual(new Set(["good"]));
  });

  it("never reads through a folder that takes another's place, however fast", async () => {
    for (const name of ["good", "bad"]) mkdirSync(join(folder, name));
    file("good/a", "good");
    file("bad/a", "secret");
    symlinkSync(join(folder, "bad"), join(folder, "to-bad"));
    const read = await race(join(folder, "good"), join(folder, "to-bad"), join(folder, "good/a"));
    expect(new Set(read)).toEqual(new Set(["good"]));
  });
});
