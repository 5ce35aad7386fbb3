import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchReplacement } from "./replacement.js";

/** Longer than an installation is left to settle, milliseconds. */
const longMs = 10_000;

describe("the watch for another version of the program", () => {
  let folder: string;
  let file: string;
  let watch: ReturnType<typeof watchReplacement>;
  let isReplaced: boolean;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tapback-replacement-"));
    file = join(folder, "main.js");
    writeFileSync(file, "one");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    watch = watchReplacement(file);
    isReplaced = false;
    void watch.replaced.then(() => {
      isReplaced = true;
    });
  });
  afterEach(() => {
    watch.close();
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  /** Waits until a change in the folder was noticed, and lets it settle. */
  const settles = async () => {
    while (vi.getTimerCount() === 0) await nextTurn();
    await vi.advanceTimersByTimeAsync(longMs);
  };

  it("tells of a new one, also when it is missing for a while", async () => {
    renameSync(file, join(folder, "old.js"));
    await settles();
    expect(isReplaced).toBe(false);
    writeFileSync(file, "two");
    await settles();
    expect(isReplaced).toBe(true);
  });

  it("says nothing when only files beside it change", async () => {
    writeFileSync(join(folder, "other.js"), "");
    await settles();
    expect(isReplaced).toBe(false);
  });
});
