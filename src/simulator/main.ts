#!/usr/bin/env node
const args = process.argv.slice(2);
const asksOnly = args.some((arg) => ["--help", "-h", "--version", "-V"].includes(arg));

// A gateway waits for the first answer of `rpc`, so that path loads nothing else.
if (args[0] === "rpc" && !asksOnly) {
  const { serveProcess } = await import("./rpc/process.js");
  const db = args.indexOf("--db");
  await serveProcess(db === -1 ? undefined : args[db + 1]);
} else {
  const { runCommand } = await import("./cli/run.js");
  process.exitCode = await runCommand(args);
}

export {};
