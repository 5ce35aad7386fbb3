import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "../program.js";
import { completionScript } from "./completion.js";

const program = await build([], () => async () => {});
let folder: string;
const script = (shell: string) => join(folder, `completion.${shell}`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-completion-"));
  for (const shell of ["bash", "zsh", "fish"]) writeFileSync(script(shell), completionScript(shell, program));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  [["config", "ed"], ["edit"]],
  [
    ["pairing", "approve", "--no"],
    ["--notify", "--no-owner"],
  ],
  [["back"], ["backup"]],
  [["config", "set", "dmPolicy", "x"], []],
])("completes %j in bash", (typed, wanted) => {
  const words = ["tapback", ...typed].map((word) => `"${word}"`).join(" ");
  const run = `source ${script("bash")}; COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _tapback; echo "\${COMPREPLY[*]}"`;
  const found = execFileSync("bash", ["-c", run], { encoding: "utf8" }).trim();
  expect(found.split(" ").filter((word) => word !== "")).toEqual(wanted);
});

it.each(["bash", "zsh", "fish"])("is a script that %s can read, where there is one", (shell) => {
  const { error, status, stderr } = spawnSync(shell, ["-n", script(shell)], { encoding: "utf8" });
  if (!error) expect([status, stderr]).toEqual([0, ""]);
});

it("is refused for another shell", () => {
  expect(() => completionScript("constructor", program)).toThrow("no completion for constructor");
});
