import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Result } from "../platform/index.js";
import type { ConfigFailure, LoadedConfig } from "./load.js";
import { type ConfigWatch, watchConfig } from "./watch.js";

let folder: string;
let path: string;
let watching: ConfigWatch | undefined;
let edits: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-watch-"));
  path = join(folder, "tapback.json5");
  edits = [];
});
afterEach(() => {
  watching?.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(source: string | undefined, times: { pollMs?: number; settleMs?: number } = {}): void {
  if (source !== undefined) writeFileSync(path, source);
  const edited = (result: Result<LoadedConfig, ConfigFailure>) => {
    if (result.ok && result.value.config.session.dmScope === "per-account-channel-peer")
      throw new Error("not me");
    edits.push(result.ok ? result.value.config.session.dmScope : `invalid ${result.error.errors[0]!.path}`);
  };
  const failed = (error: unknown) => void edits.push(`failed: ${(error as Error).message}`);
  watching = watchConfig({
    path,
    source,
    env: {},
    listener: { edited, failed },

    debounceMs: 30,
    settleMs: 200,
    ...times,
  });
}

async function until(count: number): Promise<void> {
  await vi.waitUntil(() => edits.length >= count, { timeout: 15_000, interval: 10 });
}

const scope = (value: string) => `{ session: { dmScope: "${value}" } }`;

describe("watchConfig", () => {
  it("reports an edit once, whether written in place, in steps or by a rename", async () => {
    start("{}");
    writeFileSync(path, scope("per-peer"));
    await until(1);
    writeFileSync(path, "");
    writeFileSync(path, '{ session: { dmScope: "ma');
    writeFileSync(path, scope("main"));
    await until(2);
    writeFileSync(`${path}.new`, scope("per-channel-peer"));
    renameSync(path, `${path}~`);
    renameSync(`${path}.new`, path);
    await until(3);
    await watching!.check();
    expect(edits).toEqual(["per-peer", "main", "per-channel-peer"]);
  });

  it("tells why an edit was not taken in, once, and goes on with the next", async () => {
    start("{}");
    writeFileSync(path, scope("per-account-channel-peer"));
    await until(1);
    await watching!.check();
    writeFileSync(path, scope("per-peer"));
    await until(2);
    expect(edits).toEqual(["failed: not me", "per-peer"]);
  });

  it("reports an invalid edit once, and the repair", async () => {
    start("{}");
    writeFileSync(path, "{ sesion: {} }");
    await until(1);
    await watching!.check();
    await watching!.check();
    writeFileSync(path, scope("per-peer"));
    await until(2);
    expect(edits).toEqual(["invalid sesion", "per-peer"]);
  });

  it("takes an empty or missing file for an unfinished edit, and says so when it stays", async () => {
    start(scope("per-peer"));
    rmSync(path);
    await watching!.check();
    expect(edits).toEqual([]);
    await until(1);
    expect(edits).toEqual(["invalid "]);
    writeFileSync(path, scope("per-peer"));
    await until(2);
    expect(edits).toEqual(["invalid ", "per-peer"]);
  });

  it("says once of a file that is there and cannot be read why, and takes it for gone where it is", async () => {
    const told: string[] = [];
    writeFileSync(path, "{}");
    const onEdit = (result: Result<LoadedConfig, ConfigFailure>) => {
      edits.push("");
      told.push(result.ok ? "read" : result.error.errors[0]!.message);
    };
    const listener = { edited: onEdit, failed: (error: unknown) => void told.push(String(error)) };
    watching = watchConfig({ path, source: "{}", env: {}, listener, debounceMs: 30, settleMs: 200 });
    rmSync(path);
    mkdirSync(path);
    await until(1);
    await watching.check();
    rmSync(path, { recursive: true });
    // A link to itself leads nowhere.
    symlinkSync(path, path);
    await until(2);
    rmSync(path);
    await until(3);
    writeFileSync(path, "{}");
    await until(4);
    expect(told).toEqual([
      "this is a folder",
      expect.stringMatching(/^the file cannot be read: ELOOP/),
      expect.stringContaining("is gone"),
      "read",
    ]);
  });

  it("finds by polling what no event told of: a folder that appears later", async () => {
    path = join(folder, "later", "tapback.json5");
    start(undefined, { pollMs: 20 });
    mkdirSync(join(folder, "later"));
    writeFileSync(path, scope("per-peer"));
    await until(1);
    expect(edits).toEqual(["per-peer"]);
  });
});
