import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeFolder } from "../../../test/support/remove-folder.js";
import { readEnvironment, removeVariable, setVariable } from "./index.js";

let folder: string;
const file = () => join(folder, "env");
const modeOf = (path: string) => statSync(path).mode & 0o777;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-env-"));
});
afterEach(() => removeFolder(folder));

describe("the file of variables", () => {
  it("stands beneath the environment of the process, where an empty variable is none", () => {
    writeFileSync(file(), "A=file\nB=file\nC=file\n", { mode: 0o600 });
    expect(readEnvironment(folder, { A: "process", B: "", D: "process" })).toEqual({
      env: { A: "process", B: "file", C: "file", D: "process" },
      variables: { A: "file", B: "file", C: "file" },
      notes: [],
    });
    expect(readEnvironment(join(folder, "nowhere"), { A: "1" })).toEqual({
      env: { A: "1" },
      variables: {},
      notes: [],
    });
  });

  it("is made its owner's alone where others may read it, and says so once", () => {
    writeFileSync(file(), "A=1\n");
    chmodSync(file(), 0o644);
    const { env, notes } = readEnvironment(folder, {});
    expect(env).toEqual({ A: "1" });
    expect(notes).toEqual([expect.stringContaining("could be read by others")]);
    expect(modeOf(file())).toBe(0o600);
    expect(readEnvironment(folder, {}).notes).toEqual([]);
  });

  it.each([0o620, 0o602, 0o666])(
    "is not believed with mode %o, by which others may write it",
    async (mode) => {
      writeFileSync(file(), "A=1\n");
      chmodSync(file(), mode);
      const { env, variables, problem } = readEnvironment(folder, { B: "2" });
      expect({ env, variables }).toEqual({ env: { B: "2" }, variables: {} });
      expect(problem).toMatchObject({ code: "ENV_FILE_EXPOSED", hint: expect.stringContaining("chmod 600") });
      await expect(setVariable(folder, "C", "3")).rejects.toMatchObject({ code: "ENV_FILE_EXPOSED" });
      expect(readFileSync(file(), "utf8")).toBe("A=1\n");
    },
  );

  it("loses nothing of changes at the same time", async () => {
    const names = Array.from({ length: 20 }, (_, index) => `KEY_${index}`);
    await Promise.all(names.map((name) => setVariable(folder, name, `value of ${name}`)));
    expect(Object.keys(readEnvironment(folder, {}).variables).sort()).toEqual([...names].sort());
    expect(modeOf(file())).toBe(0o600);
    expect(await removeVariable(folder, "KEY_3")).toBe(true);
    expect(await removeVariable(folder, "KEY_3")).toBe(false);
    expect(readEnvironment(folder, {}).variables.KEY_3).toBeUndefined();
  });
});
