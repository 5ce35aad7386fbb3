import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeUrl } from "./index.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-config-"));
  file = join(folder, "tapback.json5");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const url = "postgres://tapback@db/house";
const ask = () => storeUrl({ env: {}, home: folder }, file);
const invalid = expect.objectContaining({ code: "CONFIG_INVALID" });

describe("where the configuration says that the state is", () => {
  it("is the file where there is no configuration, or one that names no server", async () => {
    expect(await ask()).toBeUndefined();
    writeFileSync(file, "{ channels: ");
    expect(await ask()).toBeUndefined();
  });

  it.each([`{ store: { url: "${url}" } }`, `{ "\\u0073tore": { url: "${url}" } }`])(
    "is the server that %s names",
    async (source) => {
      writeFileSync(file, source);
      expect(await ask()).toBe(url);
    },
  );

  it("is not guessed where a server may be named, and nobody can read it", async () => {
    writeFileSync(file, `{ store: { url: "${url}" `);
    await expect(ask()).rejects.toEqual(invalid);
    rmSync(file);
    mkdirSync(file);
    await expect(ask()).rejects.toEqual(invalid);
  });
});
