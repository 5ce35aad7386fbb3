import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "../../scripts/release.mjs");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "release-"));
  write("package.json", '{\n  "name": "x",\n  "version": "0.1.0"\n}\n');
  write(
    "package-lock.json",
    '{\n  "version": "0.1.0",\n  "packages": {\n    "": {\n      "version": "0.1.0"\n    },\n    "node_modules/a": {\n      "version": "0.1.0"\n    }\n  }\n}\n',
  );
  write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n### Gateway\n- New.\n\n## 0.1.0\n\n- Old.\n");
  git("init", "--quiet", "--initial-branch", "main");
  commit();
  git("tag", "v0.1.0");
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const read = (file: string) => readFileSync(join(folder, file), "utf8");
const person = {
  ...{ GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@example.com" },
  ...{ GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.com" },
};
const env = { ...process.env, ...person, GIT_CONFIG_GLOBAL: "/dev/null" };
const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, env, encoding: "utf8" }).trim();
const commit = () => {
  git("add", ".");
  git("commit", "--quiet", "--message", "work");
};
const release = (...words: string[]) =>
  spawnSync(process.execPath, [script, ...words], { cwd: folder, env, encoding: "utf8" });

describe("npm run release", () => {
  it("only tells with --dry-run, then does it: version, changelog, commit, tag", () => {
    const before = git("rev-parse", "HEAD");
    const dry = release("0.2.0", "--dry-run");
    expect(dry).toMatchObject({ status: 0, stderr: "" });
    expect(dry.stdout).toMatch(/0\.1\.0 to 0\.2\.0[\s\S]*### Gateway\n- New\.\n$/);
    expect([git("rev-parse", "HEAD"), git("status", "--porcelain"), git("tag")]).toEqual([
      before,
      "",
      "v0.1.0",
    ]);
    expect(release("0.2.0")).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(read("package.json")).version).toBe("0.2.0");
    const lock = JSON.parse(read("package-lock.json"));
    expect([lock.version, lock.packages[""].version, lock.packages["node_modules/a"].version]).toEqual([
      "0.2.0",
      "0.2.0",
      "0.1.0",
    ]);
    expect(read("CHANGELOG.md")).toMatch(/## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n### Gateway/);
    expect(git("log", "-1", "--format=%s")).toBe("Release 0.2.0");
    expect(git("tag", "-l", "v0.2.0", "--format=%(contents)")).toBe("0.2.0\n\n### Gateway\n- New.");
    expect(git("status", "--porcelain")).toBe("");
    // Nothing is new after it.
    expect(release("0.3.0").stderr).toContain("nothing under “Unreleased”");
  });

  it("refuses what would be no release", () => {
    expect(release("0.2").status).toBe(2);
    expect(release("0.1.0").stderr).toContain("not later than 0.1.0");
    expect(release("0.0.9").stderr).toContain("not later than 0.1.0");
    write("new.txt", "x");
    expect(release("0.2.0").stderr).toContain("not committed");
    git("checkout", "--quiet", "-b", "other");
    expect(release("0.2.0").stderr).toContain("this is other");
    expect(git("tag")).toBe("v0.1.0");
  });
});
