import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embed, projectWith, wellEmbedded } from "../support/embedded-package.js";
import { installGlobally, pack, type Toolchain } from "../support/installed-package.js";
import { removeFolder } from "../support/remove-folder.js";

let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tapback-releases-"));
  ({ tarball } = pack(folder));
});
afterAll(() => removeFolder(folder));

/** Fetches packages from the npm registry. @returns the folder that has them */
function fetchPackages(name: string, ...packages: string[]): string {
  const at = join(folder, name);
  mkdirSync(at);
  writeFileSync(join(at, "package.json"), "{}");
  // Neither has to fit the Node that fetches it.
  const quiet = ["--ignore-scripts", "--no-engine-strict", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["install", ...quiet, ...packages], { cwd: at });
  return join(at, "node_modules");
}

/** Fetches a release of Node and one of npm. */
function fetchTools(node: string, npm: string): Toolchain {
  // What the package `node` would fetch by a script.
  const program = `${platform() === "darwin" && arch() === "arm64" ? "node-bin" : "node"}-${platform()}-${arch()}`;
  const at = fetchPackages(`node-${node}-npm-${npm}`, `${program}@${node}`, `npm@${npm}`);
  return { node: join(at, program, "bin/node"), npm: join(at, "npm/bin/npm-cli.js") };
}

describe.each([
  { node: "20.19.0", npm: "11" },
  { node: "22", npm: "11" },
  { node: "24", npm: "12" },
  { node: "26", npm: "12" },
])("Node $node with npm $npm", ({ node, npm }) => {
  let tools: Toolchain;
  beforeAll(() => {
    tools = fetchTools(node, npm);
  });

  it("installs without a script or a warning; the version and the demo work", () => {
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

  it("embeds a gateway in a program", async () => {
    const project = join(folder, `project-${node}`);
    projectWith(tarball, project);
    const { code, found, stderr } = await embed(project, { runtime: tools.node, node: dirname(tools.node) });
    expect({ code, found, stderr }).toEqual({ code: 0, found: wellEmbedded, stderr: "" });
  });
});

describe("Bun", () => {
  it("embeds a gateway in a program; imsg-sim runs in Node", async () => {
    const machine = `${platform()}-${arch() === "arm64" ? "aarch64" : arch()}`;
    const bun = join(fetchPackages("bun", `@oven/bun-${machine}`), `@oven/bun-${machine}/bin/bun`);
    const project = join(folder, "project-bun");
    projectWith(tarball, project);
    const { code, found } = await embed(project, { runtime: bun, node: dirname(process.execPath) });
    expect({ code, found }).toEqual({ code: 0, found: wellEmbedded });
  });
});
