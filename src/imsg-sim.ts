#!/usr/bin/env node
import { dbOf, isPlainRpc } from "./simulator/cli/argv.js";

const args = process.argv.slice(2);

// A gateway waits for the first answer of `rpc`, so that path loads nothing else.
if (isPlainRpc(args)) {
  const { serveProcess } = await import("./simulator/rpc/process.js");
  await serveProcess(dbOf(args)).catch(unreadable);
} else {
  // Who read has gone (`| head`, a closed terminal): there is nobody left to tell.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => process.exit(1));
  const { runCommand } = await import("./simulator/cli/run.js");
  process.exitCode = await runCommand(args, { serveWorlds });
}

/** A world with a gateway is made of every room, of which the simulator itself knows none. */
async function serveWorlds(): Promise<void> {
  const { serveStdio } = await import("./testing/serve/stdio.js");
  await serveStdio();
}

/** Whoever wrote the world's files is told what is wrong there, not where in this program it showed. */
function unreadable({ message, hint }: Error & { hint?: string }): void {
  process.stderr.write(`${message}${hint === undefined ? "" : `\n${hint}`}\n`);
  process.exitCode = 1;
}
