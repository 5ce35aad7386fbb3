// `npm run check`: format, lint, types, dead code, side by side. The boundaries are a test of their own
// (test/unit/boundaries.test.ts).
import { spawn } from "node:child_process";
import { join } from "node:path";
import { install, root } from "./build.mjs";

install();
const bin = (path) => join(root, "node_modules", path);
// What tsc found out is kept, so that the next check reads only what changed.
const known = (part) => bin(`.cache/tapback/${part}-native.tsbuildinfo`);
const codes = await Promise.all([
  node(bin("@biomejs/biome/bin/biome"), "check", "."),
  node(bin("typescript-native/bin/tsc"), "--noEmit", "--incremental", "--tsBuildInfoFile", known("types")),
  node(
    bin("typescript-native/bin/tsc"),
    "-p",
    "console",
    "--noEmit",
    "--incremental",
    "--tsBuildInfoFile",
    known("page"),
  ),
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
