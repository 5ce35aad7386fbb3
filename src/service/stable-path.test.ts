import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeFolder } from "../../test/support/remove-folder.js";
import { ownProgram } from "./own-program.js";
import { isVersioned, stableNode, stableProgram } from "./stable-path.js";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "tapback-paths-")));
});
afterEach(() => removeFolder(root));

const at = (path: string) => join(root, path);
/** A Node that says, as the real one does, which process it is and where it lies. */
function node(path: string, shown = at(path)): string {
  return script(path, `echo "$$ ${shown}"`);
}
function script(path: string, text: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return at(path);
}
function link(path: string, to: string): string {
  mkdirSync(dirname(at(path)), { recursive: true });
  symlinkSync(at(to), at(path));
  return at(path);
}
const env = (...folders: string[]) => ({ PATH: [...folders.map(at), "/usr/bin", "/bin"].join(":") });

describe("the path of Node for a service", () => {
  it("stays as it is where it names no version", () => {
    expect(stableNode(node("usr/local/bin/node"), env(), root)).toBe(at("usr/local/bin/node"));
    expect(isVersioned("/opt/homebrew/opt/node@24/bin/node")).toBe(false);
  });

  it("is Homebrew's link to the formula", () => {
    const real = node("brew/Cellar/node@24/24.9.0_1/bin/node");
    link("brew/opt/node@24", "brew/Cellar/node@24/24.9.0_1");
    link("brew/bin/node", "brew/Cellar/node@24/24.9.0_1/bin/node");
    expect(stableNode(real, env("brew/bin"), root)).toBe(at("brew/opt/node@24/bin/node"));
  });

  it("is a link in PATH where the formula's leads to another version", () => {
    const real = node("brew/Cellar/node/24.9.0/bin/node");
    node("brew/Cellar/node/26.1.0/bin/node");
    link("brew/opt/node", "brew/Cellar/node/26.1.0");
    link("bin/node", "brew/Cellar/node/24.9.0/bin/node");
    expect(stableNode(real, env("bin"), root)).toBe(at("bin/node"));
  });

  it("is nvm's link to the version in use, with the program beside it", () => {
    const real = node(".nvm/versions/node/v24.9.0/bin/node");
    const program = script(".nvm/versions/node/v24.9.0/lib/node_modules/tapback/main.js", "");
    expect(stableNode(real, env(".nvm/versions/node/v24.9.0/bin"), root)).toBe(real);
    expect(isVersioned(real)).toBe(true);
    link(".nvm/current", ".nvm/versions/node/v24.9.0");
    const stable = stableNode(real, env(".nvm/versions/node/v24.9.0/bin"), root);
    expect(stable).toBe(at(".nvm/current/bin/node"));
    expect(stableProgram(program, { real, stable })).toBe(
      at(".nvm/current/lib/node_modules/tapback/main.js"),
    );
  });

  it("is no link of one shell of fnm", () => {
    const real = node("fnm/node-versions/v24.9.0/installation/bin/node");
    link("fnm_multishells/12_34/bin/node", "fnm/node-versions/v24.9.0/installation/bin/node");
    expect(stableNode(real, env("fnm_multishells/12_34/bin"), root)).toBe(real);
  });

  it("is a shim that becomes that very Node, not one that starts it as a child", () => {
    const real = node(".asdf/installs/nodejs/24.9.0/bin/node");
    script(".asdf/shims/node", `exec "${real}" "$@"`);
    expect(stableNode(real, env(), root)).toBe(at(".asdf/shims/node"));
    script(".asdf/shims/node", `"${real}" "$@"; exit $?`);
    expect(stableNode(real, env(), root)).toBe(real);
    script(".asdf/shims/node", `exec "${node("other/26.1.0/bin/node")}" "$@"`);
    expect(stableNode(real, env(), root)).toBe(real);
  });
});

it("finds Node for the programs of agents again after an update took its folder away", () => {
  const execPath = node("brew/Cellar/node/24.9.0/bin/node");
  const next = node("brew/Cellar/node/26.1.0/bin/node");
  link("brew/opt/node", "brew/Cellar/node/26.1.0");
  const main = script("lib/main.js", "");
  const started = { execPath, argv0: "node", script: main };
  expect(ownProgram(started, env())).toEqual({ command: execPath, args: [main] });
  const gone = at("brew/Cellar/node/24.8.0/bin/node");
  expect(ownProgram({ ...started, execPath: gone }, env())).toEqual({
    command: at("brew/opt/node/bin/node"),
    args: [main],
  });
  const elsewhere = { ...started, execPath: at("gone/v24.9.0/bin/node") };
  expect(ownProgram({ ...elsewhere, argv0: next }, env()).command).toBe(next);
  expect(ownProgram(elsewhere, env("brew/Cellar/node/26.1.0/bin")).command).toBe(next);
});
