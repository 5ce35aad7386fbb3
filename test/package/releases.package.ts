import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installGlobally, pack, type Toolchain } from "../support/installed-package.js";
import { removeFolder } from "../support/remove-folder.js";

let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-releases-"));
  ({ tarball } = pack(folder));
});
afterAll(() => removeFolder(folder));

/** Fetches a release of Node and one of npm from the npm registry. */
function fetchTools(node: string, npm: string): Toolchain {
  const at = join(folder, `node-${node}-npm-${npm}`);
  mkdirSync(at);
  writeFileSync(join(at, "package.json"), "{}");
  // What the package `node` would fetch by a script.
  const program = `${platform() === "darwin" && arch() === "arm64" ? "node-bin" : "node"}-${platform()}-${arch()}`;
  // Neither has to fit the Node that fetches it.
  const quiet = ["--ignore-scripts", "--no-engine-strict", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, `${program}@${node}`, `npm@${npm}`], { cwd: at });
  return {
    node: join(at, "node_modules", program, "bin/node"),
    npm: join(at, "node_modules/npm/bin/npm-cli.js"),
  };
}

describe.each([
  { node: "20.19.0", npm: "11" },
  { node: "24", npm: "12" },
  { node: "26", npm: "12" },
])("Node $node with npm $npm", ({ node, npm }) => {
  it("installs without a script or a warning; the version and the demo work", () => {
    const tools = fetchTools(node, npm);
    const home = join(folder, `home-${node}`);
    mkdirSync(home);
    const installed = installGlobally(tarball, home, tools);
    expect(installed.printed.stderr).toBe("");
    expect(installed.printed.stdout.trim()).toMatch(/^added 1 package in \S+$/);
    console.log(`on disk: ${(installed.bytes / 1e6).toFixed(1)} MB`);
    expect(installed.bytes).toBeLessThan(25e6);
    expect(installed.run("tapback", "--version")).toMatchObject({ status: 0, stderr: "" });
    const demo = installed.run("tapback", "demo", "--script");
    expect(demo).toMatchObject({ status: 0, stderr: "" });
    expect(demo.stdout).toContain("every one answered");
  });
});
