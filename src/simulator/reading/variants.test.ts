import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { variantOf } from "./variants.js";

const caf = "com.apple.coreaudio-format";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "variants-"));
  vi.stubEnv("HOME", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function voice(of: string): string {
  mkdirSync(join(folder, of));
  const path = join(folder, of, "Audio Message.caf");
  writeFileSync(path, `the voice of ${of}`);
  return path;
}

it("makes one of each file, also where several have one name", () => {
  const mia = variantOf(voice("Mia"), caf).converted_path!;
  const sam = variantOf(voice("Sam"), caf).converted_path!;
  expect(readFileSync(mia, "latin1")).toMatch(/the voice of Mia$/);
  expect(readFileSync(sam, "latin1")).toMatch(/the voice of Sam$/);
  expect(variantOf(join(folder, "Mia", "Audio Message.caf"), caf).converted_path).toBe(mia);
});

it("makes it where a gateway looks for it, apart from what a real imsg keeps", () => {
  const { converted_path: made } = variantOf(voice("Mia"), caf);
  expect(made).toMatch(
    /Library\/Caches\/imsg\/converted-attachments\/simulator\/[^/]*Audio Message\.caf\.m4a$/,
  );
  expect(variantOf(join(folder, "Mia", "Audio Message.caf"), "public.mp3")).toEqual({});
});
