import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { editFile } from "../config/edit/index.js";
import { SettingsFile, versionOf } from "./settings-file.js";

let folder: string;
let path: string;
let settings: SettingsFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-settings-"));
  path = join(folder, "tapback.json5");
  settings = new SettingsFile({ configFile: { path }, env: {} });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("saves into the file that the page was made of", async () => {
  writeFileSync(path, "{}");
  const saved = await settings.save("{ /* page */ }", versionOf("{}"));
  expect(saved).toMatchObject({ ok: true, version: versionOf("{ /* page */ }") });
  expect(readFileSync(path, "utf8")).toBe("{ /* page */ }");
});

it("overwrites nothing that was changed after the file was read", async () => {
  writeFileSync(path, "{}");
  const { judge } = settings;
  vi.spyOn(settings, "judge").mockImplementationOnce(async (source) => {
    const edited = await editFile(path, [{ set: ["messages", "responsePrefix"], value: "[bot]" }], {});
    expect(edited.ok).toBe(true);
    return judge.call(settings, source);
  });
  await expect(settings.save("{ /* page */ }", versionOf("{}"))).rejects.toMatchObject({
    code: "CONFIG_CHANGED",
  });
  expect(readFileSync(path, "utf8")).toContain("[bot]");
});
