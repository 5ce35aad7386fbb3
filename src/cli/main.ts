#!/usr/bin/env node
import { version } from "../platform/index.js";

const words = process.argv.slice(2);

// The version is asked by scripts and at every bug report: it loads nothing.
if (words.length === 1 && ["--version", "-V", "version"].includes(words[0]!)) {
  process.stdout.on("error", () => process.exit(1));
  process.stdout.write(`${version}\n`);
} else {
  const { run } = await import("./program.js");
  // What holds when nothing answers any more: the input ended at a question (Ctrl-D), which stays open for ever. Awaited
  // here, it would end in a warning of Node.
  process.exitCode = 130;
  void run(words).then((code) => {
    process.exitCode = code;
  });
}
