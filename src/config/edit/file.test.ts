import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { editFile, parseInput, replaceFile } from "./index.js";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-config-"));
  path = join(folder, "tapback.json5");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dmPolicy = ["channels", "imessage", "dmPolicy"];

describe("editFile", () => {
  it("changes the file and keeps the previous one beside it", async () => {
    writeFileSync(path, "{ channels: { imessage: { /* ask */ } } }\n");
    chmodSync(path, 0o640);
    const result = await editFile(path, [{ set: dmPolicy, value: "allowlist" }], {});
    expect(result).toMatchObject({ ok: true, value: { changed: true } });
    expect(readFileSync(path, "utf8")).toBe(
      '{ channels: { imessage: { /* ask */ dmPolicy: "allowlist" } } }\n',
    );
    expect(readFileSync(`${path}.bak`, "utf8")).toBe("{ channels: { imessage: { /* ask */ } } }\n");
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("refuses what would be invalid and leaves everything as it was", async () => {
    const source = "{ channels: { imessage: {} } }\n";
    writeFileSync(path, source);
    const result = await editFile(path, [{ set: dmPolicy, value: "open" }], {});
    expect(result).toMatchObject({
      ok: false,
      error: {
        error: { code: "CONFIG_INVALID" },
        problems: [{ path: "channels.imessage.dmPolicy", line: 1 }],
      },
    });
    expect(readFileSync(path, "utf8")).toBe(source);
    expect(existsSync(`${path}.bak`)).toBe(false);
  });

  it("takes several edits that are only valid together", async () => {
    writeFileSync(path, "{}");
    const edits = [
      { set: dmPolicy, value: "open" },
      { set: ["channels", "imessage", "allowFrom"], value: ["*"] },
    ];
    expect((await editFile(path, edits, {})).ok).toBe(true);
  });

  it("mends a broken file one field at a time", async () => {
    writeFileSync(path, "{ loging: {}, gatway: {}, session: {} }");
    expect((await editFile(path, [{ unset: ["loging"] }], {})).ok).toBe(true);
    expect((await editFile(path, [{ set: ["session", "dmScop"], value: "main" }], {})).ok).toBe(false);
    expect((await editFile(path, [{ unset: ["gatway"] }], {})).ok).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("{ session: {} }");
  });

  it("makes a missing file private, and keeps a link a link", async () => {
    expect((await editFile(path, [{ set: ["commands", "config"], value: true }], {})).ok).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.bak`)).toBe(false);
    const link = join(folder, "link.json5");
    symlinkSync(path, link);
    expect((await editFile(link, [{ unset: ["commands", "config"] }], {})).ok).toBe(true);
    expect(readFileSync(path, "utf8")).not.toContain("config");
  });
});

describe("replaceFile", () => {
  it("replaces the whole file, or nothing of it", async () => {
    writeFileSync(path, "{ session: {} }");
    const refused = await replaceFile(path, "{ sesion: {} }", {});
    expect(refused).toMatchObject({ ok: false, error: { error: { code: "CONFIG_INVALID" } } });
    expect(readFileSync(path, "utf8")).toBe("{ session: {} }");
    expect(await replaceFile(path, "{ /* new */ }", {})).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(readFileSync(path, "utf8")).toBe("{ /* new */ }");
    expect(readFileSync(`${path}.bak`, "utf8")).toBe("{ session: {} }");
  });
});

describe("parseInput", () => {
  it("reads JSON5, or text where the field takes text", () => {
    expect(parseInput(["channels", "imessage", "typing"], "false")).toBe(false);
    expect(parseInput(["channels", "imessage", "name"], "42")).toBe("42");
    expect(parseInput(["channels", "imessage", "allowFrom", 0], "+15550100")).toBe("+15550100");
    expect(parseInput(["channels", "imessage", "allowFrom"], "['+15550100', \"*\"]")).toEqual([
      "+15550100",
      "*",
    ]);
    expect(parseInput(["channels", "imessage", "allowFrom"], "+15550100")).toBe("+15550100");
    expect(parseInput(["channels", "imessage", "dmPolicy"], "'open'")).toBe("open");
    expect(parseInput(["messages", "responsePrefix"], "[bot] ")).toBe("[bot] ");
    expect(parseInput(["channels", "imessage", "historyLimit"], "0x10")).toBe(16);
  });
});
