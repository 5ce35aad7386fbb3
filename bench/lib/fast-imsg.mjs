#!/usr/bin/env node
// The other end of the benchmarks, as a program: a Mac of its own (`played-mac.mjs`). What to do comes in BENCH_PLAN.
// With several accounts each has a --db of its own; one called "crashes" does.
import { playMac } from "./played-mac.mjs";

const account = process.argv[process.argv.indexOf("--db") + 1 || process.argv.length];
if (account === "crashes") process.exit(1);
const answer = playMac(JSON.parse(process.env.BENCH_PLAN), account, (line) =>
  process.stdout.write(`${line}\n`),
);
let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  for (const line of lines) if (line.trim()) answer(JSON.parse(line));
});
process.stdin.on("end", () => process.exit(0));
