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

const openai = "sk-openai-AAAAAAAAAAAAAAAAAAAA";
const webhook = "tk-BBBBBBBBBBBB";
const file = (providers: string, alerts: string) =>
  `{ models: { providers: { ${providers} } }, alerts: [${alerts}] }`;
const provider = (name: string, key: string) =>
  `${name}: { baseUrl: "https://${name}.example", apiKey: "${key}" }`;
const alert = (secret: string) => `{ type: "webhook", url: "https://alert.example", secret: "${secret}" }`;
const source = file(provider("openai", openai), alert(webhook));

it("answers a save with the text whose signs are those of its version", async () => {
  writeFileSync(path, source);
  const longer = "sk-ant-CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC";
  const typed = file(
    `${provider("openai", "⟨secret 1⟩")}, ${provider("anthropic", longer)}`,
    alert("⟨secret 2⟩"),
  );
  const saved = await settings.save(typed, versionOf(source));
  expect(saved).toMatchObject({
    ok: true,
    text: file(
      `${provider("openai", "⟨secret 2⟩")}, ${provider("anthropic", "⟨secret 1⟩")}`,
      alert("⟨secret 3⟩"),
    ),
  });
  const again = await settings.save(`// More.\n${saved.text}`, saved.version);
  expect(again.ok).toBe(true);
  expect(readFileSync(path, "utf8")).toBe(
    `// More.\n${file(`${provider("openai", openai)}, ${provider("anthropic", longer)}`, alert(webhook))}`,
  );
});

it("takes no sign that stands for nothing for a secret, and one that does in its neighbour's place", async () => {
  writeFileSync(path, source);
  const typed = file(provider("openai", "⟨secret 1⟩"), `\n${alert("⟨secret 3⟩")}`);
  const refused = {
    ok: false,
    errors: [{ line: 2, column: 59, message: "⟨secret 3⟩ stands for no secret of the file" }],
  };
  expect(await settings.check(typed)).toMatchObject(refused);
  expect(await settings.parsed(typed)).toBeUndefined();
  expect(await settings.save(typed, versionOf(source))).toMatchObject({
    ...refused,
    text: typed,
    version: versionOf(source),
  });
  expect(readFileSync(path, "utf8")).toBe(source);
  const right = typed.replace("⟨secret 3⟩", "⟨secret 2⟩");
  expect(await settings.check(right)).toMatchObject({ ok: true });
  expect(await settings.parsed(right)).toMatchObject({ alerts: [{ secret: webhook }] });
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
    hint: expect.stringContaining("Read again"),
  });
  expect(readFileSync(path, "utf8")).toContain("[bot]");
});
