import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installGlobally, pack } from "../support/installed-package.js";
import { removeFolder } from "../support/remove-folder.js";

const root = join(import.meta.dirname, "../..");
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const bringsSqlite = major > 22 || (major === 22 && minor >= 13);
let folder: string;
let packed: ReturnType<typeof pack>;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-package-"));
  packed = pack(folder);
});
afterAll(() => removeFolder(folder));

it("holds what runs, and nothing of its making", () => {
  const strange = packed.files.filter(
    (file) =>
      !/^(dist|docs|examples)\/|^(CHANGELOG\.md|LICENSE|README\.md|package\.json)$/.test(file) ||
      /\.map$|\.test\.|(?<!\.d)\.ts$/.test(file),
  );
  expect(strange).toEqual([]);
  expect(packed.files).toContain("dist/THIRD-PARTY-NOTICES.txt");
  const scripts = packed.files.filter((file) => /^dist\/.*\.c?js$/.test(file));
  const unfinished = scripts.filter((file) =>
    /env\.TAPBACK_CRASH_AT|TAPBACK_TEST_[A-Z]|sourceMappingURL/.test(readFileSync(join(root, file), "utf8")),
  );
  expect(unfinished).toEqual([]);
});

it("installs alone, without a script or a word of warning, and runs", { tags: ["long"] }, () => {
  // The npm of this Node, not one that runs these tests.
  const npm = execFileSync("npm", ["root", "--global"], { encoding: "utf8" }).trim();
  const home = join(folder, "home");
  mkdirSync(home);
  const installed = installGlobally(packed.tarball, home, {
    node: process.execPath,
    npm: join(npm, "npm/bin/npm-cli.js"),
  });
  expect(installed.printed.stderr).toBe("");
  expect(installed.printed.stdout.trim()).toMatch(/^added 1 package in \S+$/);
  const manifest = JSON.parse(readFileSync(join(installed.folder, "package.json"), "utf8"));
  expect(manifest.dependencies).toBeUndefined();
  expect(existsSync(join(installed.folder, "node_modules"))).toBe(false);
  expect(installed.bytes).toBeLessThan(25e6);
  expect(installed.run("tapback", "--version")).toMatchObject({ status: 0, stdout: `${manifest.version}\n` });
  // Needs SQLite, whose binary is in the package where Node has none.
  const said = installed.run("imsg-sim", "say", "--from", "+15550100123", "--text", "hi");
  expect(said).toMatchObject({ status: 0, stderr: "" });
  // Needs each of the packages that are loaded late.
  const work = `
    import { createLog, normalizeHandle, renderMarkdown } from "${installed.folder}/dist/index.js";
    createLog({ level: "info", format: "json" }, false).info("told");
    console.log(normalizeHandle("(415) 555-0100"), renderMarkdown("**bold** ~~gone~~ | x", { styled: false }).text);`;
  const ran = execFileSync(process.execPath, ["--input-type=module", "--eval", work], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(ran).toBe("+14155550100 bold gone | x\n");
  if (bringsSqlite) return;
  // A machine that the package has no binary for is told what to do.
  rmSync(join(installed.folder, "dist/packages/prebuilds"), { recursive: true });
  const gateway = installed.run("tapback", "gateway");
  expect(gateway.stderr).toContain("No native build was found");
  expect(gateway.stderr).toContain("[SQLITE_UNAVAILABLE]");
  expect(gateway.stderr).toContain("Node 22.13");
});
