import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { convert, easierType } from "./convert.js";

let folder: string;
let to: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "convert-")));
  mkdirSync(join(folder, "bin"));
  to = join(folder, "1.made");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A program of the test's own, which tells how it was called; as ffmpeg it overwrites nothing. */
function program(name: string, does: string): void {
  const tells = `printf '%s\\n' "$0" "$PWD" "\${SECRET-}" "$@" > "${folder}/${name}.called"`;
  const lines = ["#!/bin/sh", tells, `to="${to}"`, '[ -e "$to" ] && exit 9', does];
  writeFileSync(join(folder, "bin", name), lines.join("\n"), { mode: 0o755 });
}

/** How it was called; undefined where it was not. */
function called(name: string): string[] | undefined {
  const file = join(folder, `${name}.called`);
  if (!existsSync(file)) return undefined;
  const [path, ...rest] = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(path).toBe(join(folder, "bin", name));
  return rest;
}

const converted = (mimeType: string, maxBytes = 99, signal = new AbortController().signal) => {
  const env = { PATH: join(folder, "bin"), HOME: folder, TMPDIR: folder, SECRET: "key" };
  return convert({ mimeType, from: join(folder, "1.raw"), to, maxBytes, env }, signal);
};
const writes = (text: string) => `printf '${text}' > "$to"`;

describe("a file that few programs read (behaviour 7.5)", () => {
  it("is one of Apple's pictures or recordings, and no other", () => {
    expect(["image/heic", "audio/x-caf", "image/png", "video/quicktime", ""].map(easierType)).toEqual([
      expect.objectContaining({ mimeType: "image/jpeg", ending: ".jpg" }),
      expect.objectContaining({ mimeType: "audio/mp4", ending: ".m4a" }),
      ...[undefined, undefined, undefined],
    ]);
  });

  it("is turned by the Mac's own program in its folder, which is told nothing of what the gateway knows", async () => {
    for (const name of ["sips", "afconvert", "ffmpeg"]) program(name, writes("made"));
    expect(await converted("image/heic")).toBe(true);
    expect(readFileSync(to, "utf8")).toBe("made");
    const from = join(folder, "1.raw");
    const picture = ["-s", "format", "jpeg", from, "--out", to];
    expect([called("sips"), called("ffmpeg")]).toEqual([[folder, "", ...picture], undefined]);
    rmSync(to);
    expect(await converted("audio/x-caf")).toBe(true);
    const sound = ["-f", "m4af", "-d", "aac", from, to];
    expect([called("afconvert"), called("ffmpeg")]).toEqual([[folder, "", ...sound], undefined]);
  });

  it("is turned by ffmpeg elsewhere, as the one format that it is, without another file or the network", async () => {
    program("ffmpeg", writes("made"));
    const from = join(folder, "1.raw");
    const alone = ["-nostdin", "-v", "error", "-protocol_whitelist", "file", "-f"];
    expect(await converted("image/heic")).toBe(true);
    const picture = ["-i", from, "-frames:v", "1", "-q:v", "3", "-update", "1", to];
    expect(called("ffmpeg")).toEqual([folder, "", ...alone, "mov", ...picture]);
    rmSync(to);
    expect(await converted("audio/x-caf")).toBe(true);
    expect(called("ffmpeg")).toEqual([folder, "", ...alone, "caf", "-i", from, "-vn", "-c:a", "aac", to]);
  });

  it.each([
    ["fails", `${writes("half")}; exit 1`],
    ["makes nothing", "exit 0"],
    ["makes a file without bytes", writes("")],
    ["makes one that is too large", writes("0123456789")],
  ])("is left to the next program where one %s", async (_, does) => {
    program("sips", does);
    program("ffmpeg", writes("made"));
    expect(await converted("image/heic", 9)).toBe(true);
    expect(readFileSync(to, "utf8")).toBe("made");
    // The last one leaves nothing behind either.
    rmSync(to);
    program("ffmpeg", does);
    expect(await converted("image/heic", 9)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(["bin", "ffmpeg.called", "sips.called"]);
  });

  it("may be just as large as the account takes", async () => {
    program("sips", writes("0123456789"));
    expect(await converted("image/heic", 10)).toBe(true);
  });

  it("stays as it is without a program, where none is needed, and once the turn was stopped", async () => {
    expect(await converted("image/heic")).toBe(false);
    for (const name of ["sips", "afconvert", "ffmpeg"]) program(name, writes("made"));
    expect(await converted("image/png")).toBe(false);
    expect(await converted("image/heic", 99, AbortSignal.abort())).toBe(false);
    expect(readdirSync(folder)).toEqual(["bin"]);
  });
});
