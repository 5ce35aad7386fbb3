// `npm run check`: format, lint, types, dead code, side by side. The boundaries are a test of their own
// (test/unit/boundaries.test.ts).
import { spawn } from "node:child_process";
import { join } from "node:path";
import { install, root } from "./build.mjs";

install();
const bin = (path) => join(root, "node_modules", path);
// One checker: several would each read the same declarations, and other checks have the other cores. What was found out is
// kept, so that the next check reads only what changed.
const types = (part) => [
  ...[bin("typescript-native/bin/tsc"), "--noEmit", "--checkers", "1"],
  ...["--incremental", "--tsBuildInfoFile", bin(`.cache/tapback/${part}-native.tsbuildinfo`)],
];
const codes = await Promise.all([
  node(bin("@biomejs/biome/bin/biome"), "check", "."),
  node(...types("types")),
  node(...types("page"), "-p", "console"),
  node(bin("knip/bin/knip.js")),
]);
process.exitCode = codes.find((code) => code !== 0) ?? 0;

/** Runs a program of Node's and prints at its end, in one piece, what it wrote. @returns its exit code */
function node(...args) {
  return new Promise((resolve) => {
    const env = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env } });
    const written = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => written.push(chunk));
    child.once("close", (code) => {
      process.stdout.write(Buffer.concat(written));
      resolve(code ?? 1);
    });
  });
}
