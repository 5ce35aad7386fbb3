import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findProgram } from "../platform/index.js";

const cellar = /^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.*)$/;
/** What a path has when it names one version, or one shell of fnm: an update or the end of that shell takes it away. */
const passing = /\/Cellar\/|\/v?\d+\.\d+\.\d+[^/]*\/|\/fnm_multishells\//;

/** How long a shim may take to start Node, milliseconds. */
const askMs = 5000;

/** Whether a path is gone after the next update of what it leads to. */
export function isVersioned(path: string): boolean {
  return passing.test(path);
}

/** @returns Homebrew's link to the version of a formula that is in use, for a path below its Cellar; else undefined */
export function homebrewPath(path: string): string | undefined {
  const [, prefix, formula, rest] = cellar.exec(path) ?? [];
  return formula === undefined ? undefined : `${prefix}/opt/${formula}/${rest}`;
}

/**
 * A path to the same Node that outlives its updates: Homebrew's `opt`, a link in PATH, the link of nvm or fnm to the
 * version in use; else a shim that becomes this very Node. A shim that starts Node as a child does not do: a signal for
 * the service would end the shim alone.
 * @param real path of Node, without links
 * @param env of the service
 * @returns the real path where there is none
 */
export function stableNode(real: string, env: Record<string, string>, home: string): string {
  if (!isVersioned(real)) return real;
  const inPath = (env.PATH ?? "").split(delimiter).map((folder) => join(folder, "node"));
  const links = [
    homebrewPath(real),
    ...inPath,
    join(home, ".nvm/current/bin/node"),
    join(home, ".local/share/fnm/aliases/default/bin/node"),
    join(home, "Library/Application Support/fnm/aliases/default/bin/node"),
  ];
  const link = sameFile(real, links);
  if (link) return link;
  const shims = [".volta/bin/node", ".asdf/shims/node", ".local/share/mise/shims/node"].map((shim) =>
    join(home, shim),
  );
  return (
    [...new Set([...inPath, ...shims])].find((shim) => becomes(shim, real, { ...env, HOME: home })) ?? real
  );
}

/**
 * A path to the same program that outlives its updates, and those of the Node that it is installed with.
 * @param typed as it was started @param node Node's real path, and the one that {@link stableNode} found
 */
export function stableProgram(typed: string, node: { real: string; stable: string }): string {
  const real = realpathSync(typed);
  if (!isVersioned(real)) return real;
  const folderOf = (path: string) => path.replace(/bin\/node$/, "");
  const besideNode = real.startsWith(folderOf(node.real))
    ? folderOf(node.stable) + real.slice(folderOf(node.real).length)
    : undefined;
  return sameFile(real, [homebrewPath(real), besideNode, typed]) ?? real;
}

function sameFile(real: string, paths: (string | undefined)[]): string | undefined {
  return paths.find((path) => path !== undefined && !isVersioned(path) && realPath(path) === real);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Starts it as the service manager would: from the root folder, with the service's environment alone. */
function becomes(shim: string, real: string, env: Record<string, string>): boolean {
  if (isVersioned(shim) || !findProgram(shim, {})) return false;
  const { pid, stdout } = spawnSync(shim, ["-p", "process.pid + ' ' + process.execPath"], {
    cwd: "/",
    env,
    timeout: askMs,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, itsPid, path = ""] = /^(\d+) (.*)$/m.exec(stdout ?? "") ?? [];
  return Number(itsPid) === pid && realPath(path) === real;
}
