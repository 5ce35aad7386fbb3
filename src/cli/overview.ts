import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { configPath } from "../config/index.js";
import { version } from "../platform/index.js";
import { printLine, styled } from "./output.js";

/** What `tapback` alone says: what it is, and what to type next here. */
export function printOverview(env: Record<string, string | undefined>): void {
  const configured = existsSync(configPath({ env, home: homedir() }));
  const next: [string, string][] = configured
    ? [
        ["tapback gateway", "run it until it is stopped"],
        ["tapback channels status --probe", "tell how each account is, now"],
        ["tapback pairing list", "see who asks to be let in"],
        ["tapback explain last", "tell what became of the last message"],
      ]
    : [
        ...othersHere().map((name): [string, string] => [
          `tapback import ${name}`,
          "take over the configuration that is here",
        ]),
        ["tapback demo", "try it here, without a Mac and without an account"],
        ["tapback init", "set it up for your own Messages"],
      ];
  const width = Math.max(...next.map(([command]) => command.length));
  printLine(`${styled("bold", "Tapback")} ${version}: talk to your AI agents over iMessage.\n`);
  for (const [command, what] of next)
    printLine(`  ${styled("bold", command.padEnd(width))}  ${styled("dim", what)}`);
  printLine("\nEvery command: tapback --help");
}

/** @returns the other systems that have a configuration in its usual place */
function othersHere(): string[] {
  return ["openclaw", "remoteclaw", "clawdbot"].filter((name) =>
    existsSync(join(homedir(), `.${name}`, `${name}.json`)),
  );
}
