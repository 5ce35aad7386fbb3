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
import { withFileLock } from "./file-lock.js";
import { editFile, parseInput, replaceFile, writeConfigFile } from "./index.js";

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

  it("lets a list with several wrong entries be mended one at a time, and none be added", async () => {
    const list = ["channels", "imessage", "allowFrom"];
    const other = ["channels", "imessage", "groupAllowFrom"];
    writeFileSync(path, '{ channels: { imessage: { allowFrom: ["foo:1", "chat_id:x", "+15550000002"] } } }');
    const first = await editFile(path, [{ unset: [...list, 0] }], {});
    expect(first).toMatchObject({ ok: true });
    const added = await editFile(
      path,
      [{ set: list, value: ["+15550000002", "chat_id:x", "chat_id:y"] }],
      {},
    );
    expect(added).toMatchObject({
      error: { problems: [{ path: expect.stringMatching(/^channels\.imessage\.allowFrom\[[12]\]$/) }] },
    });
    const elsewhere = await editFile(path, [{ unset: list }, { set: other, value: ["chat_id:x"] }], {});
    expect(elsewhere).toMatchObject({
      error: { problems: [{ path: "channels.imessage.groupAllowFrom[0]" }] },
    });
    expect(await editFile(path, [{ unset: [...list, 0] }], {})).toMatchObject({ ok: true });
  });

  it.each([101, 150])("lets a file with %d problems be mended, and none be added", async (length) => {
    const wrong = Array.from({ length }, (_, index) => `wrong${index}: 1`);
    writeFileSync(path, `{ ${wrong.join(", ")} }`);
    expect(await editFile(path, [{ set: ["worse"], value: 1 }], {})).toMatchObject({ ok: false });
    expect(await editFile(path, [{ unset: ["wrong0"] }], {})).toMatchObject({ ok: true });
    expect(await editFile(path, [{ unset: ["wrong70"] }], {})).toMatchObject({ ok: true });
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
    const before = "{ session: {} }";
    writeFileSync(path, before);
    const refused = await replaceFile(path, "{ sesion: {} }", {}, before);
    expect(refused).toMatchObject({ ok: false, error: { error: { code: "CONFIG_INVALID" } } });
    expect(readFileSync(path, "utf8")).toBe("{ session: {} }");
    expect(await replaceFile(path, "{ /* new */ }", {}, before)).toMatchObject({
      ok: true,
      value: { changed: true },
    });
    expect(readFileSync(path, "utf8")).toBe("{ /* new */ }");
    expect(readFileSync(`${path}.bak`, "utf8")).toBe("{ session: {} }");
  });
});

describe("whoever writes the whole file", () => {
  /** Somebody holds the lock, and what is begun meanwhile waits for it, having read the file before. */
  async function whileOthersWrite<T>(begin: () => Promise<T>): Promise<T> {
    let begun: Promise<T> | undefined;
    await withFileLock(path, async () => {
      begun = begin();
      begun.catch(() => {});
      // It has come as far as it comes without the lock.
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(path, "{ session: {} /* theirs */ }");
    });
    return begun!;
  }

  it("overwrites nothing that others wrote since it read the file", async () => {
    writeFileSync(path, "{}");
    expect(await whileOthersWrite(() => replaceFile(path, "{ /* ours */ }", {}, "{}"))).toMatchObject({
      ok: false,
      error: { error: { code: "CONFIG_CHANGED" } },
    });
    await expect(
      whileOthersWrite(() => writeConfigFile(path, "{ /* ours */ }", undefined)),
    ).rejects.toMatchObject({ code: "CONFIG_CHANGED" });
    expect(readFileSync(path, "utf8")).toBe("{ session: {} /* theirs */ }");
    expect(existsSync(`${path}.bak`)).toBe(false);
  });

  it("writes into an empty file as into none", async () => {
    writeFileSync(path, "");
    await writeConfigFile(path, "{ /* ours */ }", undefined);
    expect(readFileSync(path, "utf8")).toBe("{ /* ours */ }");
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
