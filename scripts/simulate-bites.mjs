// `npm run simulate:bites`: shows that the simulation finds what it is there to find. Each of some twenty edits of the source, each
// a fault that somebody could make, is applied to a copy; then seeds are played until one breaks, up to 10,000 messages.
// Prints a table; `-- NAME…` plays only those whose name begins so. Ends with 1 when an edit was not found.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { edits } from "./bites.mjs";
import { install, root } from "./build.mjs";
import { buildSimulation } from "./simulation-build.mjs";

const mostMessages = 10_000;
const perRun = 500;
/** A server in this process takes its time. */
const perRunOfSeveral = 100;

install();
const wanted = process.argv.slice(2);
const rows = [];
for (const edit of edits) {
  if (wanted.length > 0 && !wanted.some((name) => edit.name.startsWith(name))) continue;
  const row = bite(edit);
  rows.push(row);
  process.stdout.write(`${JSON.stringify(row)}\n`);
}
process.stdout.write(`\n| edit | found after | seed | invariant |\n| --- | --- | --- | --- |\n`);
for (const { name, messages, seed, found } of rows)
  process.stdout.write(
    `| ${name} | ${found ? `${messages} messages` : "not found"} | ${seed} | ${found ?? ""} |\n`,
  );
process.exit(rows.every(({ found }) => found) ? 0 : 1);

function bite({ name, file, find, put, also = [], nodes = 1 }) {
  const copy = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "tapback-bite-"));
  try {
    for (const part of ["src", "test/simulation", "build", "package.json", "tsconfig.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    for (const part of ["tsdown.config.ts", "tsdown.simulation.config.ts"])
      cpSync(join(root, part), join(copy, part));
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const path = join(copy, file);
    let source = readFileSync(path, "utf8");
    for (const each of [{ find, put }, ...also]) {
      if (!source.includes(each.find)) throw new Error(`${name}: ${file} has not got ${each.find}`);
      source = source.replace(each.find, () => each.put);
    }
    writeFileSync(path, source);
    if (!buildSimulation(copy)) throw new Error(`${name}: it does not build`);
    let messages = 0;
    for (let seed = 1; messages < mostMessages; seed++) {
      const found = play(copy, seed, nodes);
      messages += found.messages;
      if (found.violation)
        return { name, seed, messages, found: found.violation.invariant, what: found.violation.what };
    }
    return { name, seed: "", messages, found: undefined };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function play(copy, seed, nodes) {
  const { stdout } = spawnSync(
    process.execPath,
    [
      join(copy, "dist-simulation/simulation/main.js"),
      ...[
        "--seed",
        String(seed),
        "--messages",
        String(nodes > 1 ? perRunOfSeveral : perRun),
        "--nodes",
        String(nodes),
        "--shrink",
        "0",
      ],
    ],
    { encoding: "utf8", maxBuffer: 1e9 },
  );
  const line = stdout.split("\n").find((each) => each.startsWith('{"seed"'));
  if (!line) throw new Error(`the simulation ended without a result: ${stdout.slice(-500)}`);
  return JSON.parse(line);
}
