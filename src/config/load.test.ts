import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig, parseConfig } from "./index.js";
import { configPath, expandHome, stateDir } from "./location.js";
import { configInvalid, formatProblem } from "./problem.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "tapback-home-"));
  mkdirSync(join(home, ".tapback"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("where the configuration is", () => {
  it("is --config, then TAPBACK_CONFIG, then the state folder, then ~/.tapback", () => {
    const env = { TAPBACK_CONFIG: "~/c.json5", TAPBACK_STATE_DIR: join(home, "state") };
    const usual = join(home, ".tapback/tapback.json5");
    expect(configPath({ env, home }, "/x/y.json5")).toBe("/x/y.json5");
    expect(configPath({ env, home })).toBe(join(home, "c.json5"));
    expect(configPath({ env: {}, home })).toBe(usual);
    const own = { TAPBACK_STATE_DIR: env.TAPBACK_STATE_DIR };
    expect(configPath({ env: own, home })).toBe(join(home, "state/tapback.json5"));
    writeFileSync(usual, "{}");
    expect(configPath({ env: own, home })).toBe(usual);
    mkdirSync(join(home, "state"));
    writeFileSync(join(home, "state/tapback.json5"), "{}");
    expect(configPath({ env: own, home })).toBe(join(home, "state/tapback.json5"));
    expect(stateDir({ env: own, home })).toBe(join(home, "state"));
    expect(stateDir({ env: {}, home })).toBe(join(home, ".tapback"));
    expect(expandHome("~/x", "/h")).toBe("/h/x");
    expect(expandHome("~x", "/h")).toBe("~x");
  });
});

describe("loadConfig", () => {
  const load = (env = {}) => loadConfig({ env, home });

  it("takes a missing file for the defaults, with a note", async () => {
    const result = await load();
    expect(result).toMatchObject({
      ok: true,
      value: { source: undefined, config: { channels: { defaults: {} } } },
    });
    if (result.ok) expect(result.value.warnings[0]!.message).toContain("no configuration file");
  });

  it("takes a file that is named and missing for a slip", async () => {
    const result = await loadConfig({ env: {}, home, path: join(home, "tapbcak.json5") });
    expect(result).toMatchObject({ ok: false, error: { errors: [{ message: "there is no such file" }] } });
  });

  it("gives every error of a file, with its place", async () => {
    writeFileSync(join(home, ".tapback/tapback.json5"), "{\n  gatway: {},\n  logging: { level: 'loud' },\n}");
    const result = await load();
    if (result.ok) throw new Error("accepted");
    expect(result.error.errors.map((error) => formatProblem("tapback.json5", error))).toEqual([
      "tapback.json5:2:3 gatway: unknown key; did you mean gateway?",
      'tapback.json5:3:21 logging.level: "loud" is not right here; expected "trace", "debug", "info", "warn" or "error"',
    ]);
    expect(configInvalid(result.error.path, result.error.errors)).toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("refuses an empty file, a list, and a file that cannot be read", async () => {
    const path = join(home, ".tapback/tapback.json5");
    for (const [source, message] of [
      ["", "the file is empty"],
      ["// later\n", "the file is empty"],
      ["[]", "the file holds no object"],
      ["{ a: }", "invalid character '}'"],
      [`${"/* x */ ".repeat(200)}{`, "invalid end of input"],
    ] as const) {
      writeFileSync(path, source);
      expect(await load()).toMatchObject({ ok: false, error: { errors: [{ path: "", message }] } });
    }
    rmSync(path);
    mkdirSync(path);
    expect(await load()).toMatchObject({ ok: false, error: { errors: [{ path: "" }] } });
    chmodSync(path, 0o700);
  });

  it("replaces variables, and leaves what is escaped", async () => {
    const source = `{ messages: { responsePrefix: '\${A}-$\${A}-\${A}\${B_2}-$5 \${not a name}' } }`;
    const result = await parseConfig(source, { A: `x\${A}`, B_2: "" });
    expect(result).toMatchObject({
      ok: true,
      value: { config: { messages: { responsePrefix: `x\${A}-\${A}-x\${A}-$5 \${not a name}` } } },
    });
    expect(await parseConfig(`{\n logging: { file: '\${NO}' } }`)).toMatchObject({
      ok: false,
      error: [{ path: "logging.file", line: 2, message: "the environment has no variable NO" }],
    });
  });
});
