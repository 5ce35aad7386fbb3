// `npm run simulate`: the whole pipeline in one process under virtual time, with traffic and faults from a seed
// (docs/simulation.md). `-- --seed N --messages M [--profile 0.9|0.14|0.15|0.19]`, `-- --seeds A..B --results FILE`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { install, root, run } from "./build.mjs";
import { buildSimulation } from "./simulation-build.mjs";

install();
buildSimulation(root);
const main = join(root, "dist-simulation/simulation/main.js");
run(process.execPath, [main, "--commit", commit(), ...process.argv.slice(2)]);

/** What is played, for the file of the results. */
function commit() {
  const git = (...args) => spawnSync("git", args, { cwd: root, encoding: "utf8" }).stdout?.trim() ?? "";
  return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
}
