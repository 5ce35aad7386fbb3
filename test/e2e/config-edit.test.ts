import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandHere } from "../support/command-here.js";
import { python } from "../support/python.js";
import { removeFolder } from "../support/remove-folder.js";

const main = join(import.meta.dirname, "../../dist/cli/main.js");
const terminal = join(import.meta.dirname, "../fixtures/terminal.py");
const good = '{ logging: { level: "warn" } }\n';
const better = '{ logging: { level: "debug" } }\n';
const bad = '{ logging: { level: "loud" } }\n';

describe("tapback config edit", () => {
  let home: string;
  const file = () => join(home, "tapback.json5");
  const draft = () => `${file()}.draft`;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "tapback-edit-"));
    writeFileSync(file(), good);
  });
  afterEach(() => removeFolder(home));

  /** An editor that writes one text after the other, and does to the file itself what else is asked for. */
  function editor(texts: string[], beside = ""): Record<string, string> {
    const script = join(home, "editor");
    const count = `${script}.n`;
    texts.forEach((text, n) => {
      writeFileSync(`${script}.${n}`, text);
    });
    writeFileSync(count, "0");
    writeFileSync(
      script,
      `#!/bin/sh\nn=$(cat ${count}); cp ${script}.$n "$1"; echo $((n+1)) > ${count}\n${beside}\n`,
    );
    chmodSync(script, 0o755);
    return { HOME: home, PATH: process.env.PATH!, TAPBACK_CONFIG: file(), EDITOR: script, NO_COLOR: "1" };
  }
  const edit = (env: Record<string, string>, ...words: string[]) =>
    commandHere(["config", "edit", ...words], env);

  it("puts a valid text in place, and keeps one that is not as a draft, with which the next goes on", async () => {
    expect((await edit(editor([better]))).code).toBe(0);
    expect([readFileSync(file(), "utf8"), existsSync(draft())]).toEqual([better, false]);
    const refused = await edit(editor([bad]), "--json");
    expect([refused.code, JSON.parse(refused.stdout)]).toEqual([
      3,
      expect.objectContaining({ ok: false, draft: draft() }),
    ]);
    expect([readFileSync(file(), "utf8"), readFileSync(draft(), "utf8")]).toEqual([better, bad]);
    const mended = await edit(editor([good]));
    expect([mended.code, mended.stdout]).toEqual([0, expect.stringContaining("Going on with the draft")]);
    expect([readFileSync(file(), "utf8"), existsSync(draft())]).toEqual([good, false]);
  });

  it("overwrites nothing that somebody else wrote meanwhile", async () => {
    const { code, stdout } = await edit(editor([better], `echo '{}' > ${file()}`), "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([1, "CONFIG_CHANGED"]);
    expect([readFileSync(file(), "utf8"), readFileSync(draft(), "utf8")]).toEqual(["{}\n", better]);
  });

  it("asks a person at a terminal: edit again, then throw away", () => {
    const steps = [
      { see: "What now", type: "\r" },
      // The answered question is shown once more, before the editor starts again.
      { see: "error [\\s\\S]*What now", type: "\u001b[B\u001b[B\r" },
      { see: "The configuration is as it was" },
    ];
    const { stdout } = spawnSync(
      python,
      [terminal, JSON.stringify(steps), process.execPath, main, "config", "edit"],
      { encoding: "utf8", env: editor([bad, bad]) },
    );
    expect(JSON.parse(stdout)).toMatchObject({ code: 3, missed: null });
    expect([readFileSync(file(), "utf8"), existsSync(draft())]).toEqual([good, false]);
  });
});
