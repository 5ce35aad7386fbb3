import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A release of Node and of npm, by the paths of their programs. */
export interface Toolchain {
  node: string;
  /** `npm-cli.js`. */
  npm: string;
}

/** Settings of npm that the tests themselves run under would be taken over by the npm under test. */
const bare = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) && !/^NODE_/.test(name)),
);

/**
 * Packs the package as it would be published.
 * @param folder gets the file
 * @returns its path and what is in it
 */
export function pack(folder: string): { tarball: string; files: string[] } {
  const told = execFileSync("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const [packed] = JSON.parse(told) as { filename: string; files: { path: string }[] }[];
  return { tarball: join(folder, packed!.filename), files: packed!.files.map(({ path }) => path) };
}

/** A package that a user installed globally. */
export interface Installed {
  /** What npm printed. */
  printed: { stdout: string; stderr: string };
  /** Where the package and everything below it lies. */
  folder: string;
  /** Everything that npm put into its prefix, bytes on disk. */
  bytes: number;
  /** Runs one of its programs as a shell would. */
  run(program: string, ...words: string[]): { status: number | null; stdout: string; stderr: string };
}

/**
 * Installs a packed package as a user does: globally, elsewhere than here, with everything that npm runs and says.
 * @param home an empty folder, which is the user's home and npm's prefix
 */
export function installGlobally(tarball: string, home: string, { node, npm }: Toolchain): Installed {
  const path = `${join(home, "bin")}:${join(node, "..")}:${process.env.PATH}`;
  const options = {
    cwd: home,
    env: { ...bare, HOME: home, TMPDIR: home, PATH: path },
    encoding: "utf8",
  } as const;
  // Neither the registry's advice nor news of npm are about this package. Scripts would be run, and seen.
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--foreground-scripts"];
  const install = [npm, "install", "--global", "--prefix", home, ...quiet, tarball];
  const { status, stdout, stderr } = spawnSync(node, install, options);
  if (status !== 0) throw new Error(`npm install ended with ${status}: ${stderr}`);
  return {
    printed: { stdout, stderr },
    folder: join(home, "lib/node_modules/tapback"),
    bytes: bytesIn(join(home, "lib")),
    run: (program, ...words) => spawnSync(join(home, "bin", program), words, options),
  };
}

/**
 * Puts a packed package where npm would, with the links to its programs, in a tenth of npm's time; that npm does it is tested
 * with `installGlobally`.
 * @param home an empty folder, npm's prefix
 */
export function unpackGlobally(tarball: string, home: string): void {
  const [folder, bin] = [join(home, "lib/node_modules/tapback"), join(home, "bin")];
  for (const each of [folder, bin]) mkdirSync(each, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: Record<string, string>;
  };
  for (const [name, path] of Object.entries(manifest.bin)) {
    chmodSync(join(folder, path), 0o755);
    symlinkSync(join("../lib/node_modules/tapback", path), join(bin, name));
  }
}

/** What a folder takes on disk, as `du` counts it. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
    (sum, file) => sum + lstatSync(join(folder, file)).blocks * 512,
    0,
  );
}
