import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const hasRuby = spawnSync("ruby", ["--version"]).status === 0;

describe("the Homebrew formula", () => {
  const words = ["LICENSE", "https://example.com/tapback-1.2.3.tgz", "https://example.com"];
  const formula = execFileSync(process.execPath, [join(root, "scripts/formula.mjs"), ...words], {
    cwd: root,
    encoding: "utf8",
  });

  it("names the packed file, with its hash", () => {
    const hash = createHash("sha256").update(read("LICENSE")).digest("hex");
    expect(formula).toContain(`url "https://example.com/tapback-1.2.3.tgz"\n  sha256 "${hash}"`);
    expect(formula).toContain('homepage "https://example.com"\n');
    expect(formula).not.toMatch(/@[A-Z\d]+@/);
  });

  it.skipIf(!hasRuby)("is Ruby (skipped where there is no ruby)", () => {
    expect(spawnSync("ruby", ["-c"], { input: formula, encoding: "utf8" })).toMatchObject({ status: 0 });
  });
});

describe("the container file", () => {
  const instructions = read("packaging/Containerfile")
    .replace(/\\\n/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => /^(\w+) (.*)$/.exec(line)!.slice(1) as [string, string]);

  it("has instructions that there are, in forms that a builder takes", () => {
    const known = ["FROM", "RUN", "COPY", "USER", "ENV", "VOLUME", "HEALTHCHECK", "ENTRYPOINT", "CMD"];
    expect(instructions[0]![0]).toBe("FROM");
    for (const [name, value] of instructions) {
      expect(known).toContain(name);
      const list = /\[.*\]$/.exec(value)?.[0];
      if (["ENTRYPOINT", "CMD", "HEALTHCHECK"].includes(name)) expect(JSON.parse(list!)).not.toHaveLength(0);
    }
  });

  it("runs the gateway as nobody special, on Node that the package takes", () => {
    const of = (wanted: string) => instructions.filter(([name]) => name === wanted).map(([, value]) => value);
    expect(of("USER")).toEqual(["node"]);
    expect(of("CMD")).toEqual(['["gateway"]']);
    expect(Number(/^node:(\d+)-/.exec(of("FROM")[0]!)![1])).toBeGreaterThanOrEqual(20);
  });
});

describe("the release workflow", () => {
  it("publishes the tested, packed file with provenance, and without a token of npm", () => {
    const workflow = read(".github/workflows/release.yml");
    expect(workflow).toMatch(/npm publish \.\/tapback-\*\.tgz --provenance/);
    expect(workflow).toMatch(/publish:\n {4}needs: test/);
    expect(workflow).toContain("id-token: write");
    expect(workflow).not.toMatch(/NPM_TOKEN|NODE_AUTH_TOKEN/);
    expect(workflow).toMatch(/tags: \["v\*"\]/);
  });
});
