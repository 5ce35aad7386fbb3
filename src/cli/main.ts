#!/usr/bin/env node
import { version } from "../platform/index.js";

const words = process.argv.slice(2);

// The version is asked by scripts and at every bug report: it loads nothing.
if (words.length === 1 && ["--version", "-V", "version"].includes(words[0]!)) {
  process.stdout.on("error", () => process.exit(1));
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import("./program.js");
  process.exitCode = await run(words);
}
