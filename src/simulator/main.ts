#!/usr/bin/env node
import { dbOf } from "./cli/argv.js";

const args = process.argv.slice(2);
const asksOnly = args.some((arg) => ["--help", "-h", "--version", "-V"].includes(arg));

// A gateway waits for the first answer of `rpc`, so that path loads nothing else.
if (args[0] === "rpc" && !asksOnly) {
  const { serveProcess } = await import("./rpc/process.js");
  await serveProcess(dbOf(args));
} else {
  // Who read has gone (`| head`, a closed terminal): there is nobody left to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
  const { runCommand } = await import("./cli/run.js");
  process.exitCode = await runCommand(args);
}
