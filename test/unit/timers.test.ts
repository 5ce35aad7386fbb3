import { expect, it } from "vitest";
import { projectFiles } from "../support/project-files.js";

/**
 * Whatever waits takes the clock that it was given, so that tests own all time. These take the machine's timers, and why; a
 * path that ends with `/` is a folder.
 */
const allowed: Record<string, string> = {
  "src/platform/": "the clock itself",
  "src/simulator/": "a program of its own, which plays how slow a Mac is",
  "src/cli/": "commands that end soon, and a person who looks on",
  "src/control/client.ts": "the command line's end of the socket: it waits for another process",
  "src/bridge/ssh/remote-files.ts": "measures what another program copies",
  "src/config/edit/file-lock.ts": "waits for another process that changes the same file",
  "src/testing/kit/agent-work.ts": "how long the agent of a test may work, which is no time of its world",
  "src/agents/process/child.ts": "ends another program, which goes by the machine's time",
};

const timers =
  /\bset(?:Timeout|Interval)\(|(?<![\w.#])sleep\(|\bAbortSignal\.timeout\(|"(?:node:)?timers(?:\/promises)?"/;

it("waits by the clock that it was given", () => {
  const found = projectFiles([".ts"])
    .filter(({ path }) => path.startsWith("src/") && !path.endsWith(".test.ts"))
    .filter(({ text }) => timers.test(text))
    .map(
      ({ path }) =>
        Object.keys(allowed).find(
          (known) => path === known || (known.endsWith("/") && path.startsWith(known)),
        ) ?? path,
    );
  expect([...new Set(found)].sort()).toEqual(Object.keys(allowed).sort());
});
