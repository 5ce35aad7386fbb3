// Packages of other people that some tests run: fetched once into the user's cache, never a dependency of the project.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./build.mjs";

function cacheFolder({ XDG_CACHE_HOME, LOCALAPPDATA }) {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library/Caches");
  return LOCALAPPDATA ?? join(homedir(), ".cache");
}

/**
 * Installs a package once, without its scripts.
 * @param area the folder in Tapback's cache
 * @param wanted.postinstall the one script that is run: it puts the program of this machine in its place
 * @param wanted.prepare is given the folder before anything is installed into it
 * @returns the package's folder
 */
export function fetched(area, name, { package: id, version, postinstall, prepare }) {
  const folder = join(cacheFolder(process.env), "tapback", area, `${name}-${version}`);
  const own = join(folder, "node_modules", id);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return own;
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`Installing ${id} ${version} into ${folder}…\n`);
  prepare?.(folder);
  // Some of them are run by another Node than the one that installs them.
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--engine-strict=false", "--omit=optional"];
  const wanted = prepare === undefined ? [`${id}@${version}`] : [];
  run("npm", ["install", "--ignore-scripts", "--prefix", folder, ...quiet, ...wanted]);
  // Newer npm does not run such scripts by itself.
  if (postinstall !== undefined) {
    const script = spawnSync(process.execPath, [join(own, postinstall)], { cwd: folder, stdio: "inherit" });
    if (script.status !== 0) process.exit(script.status ?? 1);
  }
  mkdirSync(complete);
  return own;
}
