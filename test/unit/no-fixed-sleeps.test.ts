import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { expect, it } from "vitest";

/**
 * A test waits for what it needs (`until`, `vi.waitFor`), or owns the time (`vi.useFakeTimers`, a clock of its own): a fixed
 * sleep is too long on most machines and too short on a busy one. These wait for another reason.
 */
const allowed: Record<string, string> = {
  "test/faults/harness/wait.ts": "looks again and again whether a condition holds",
  "test/faults/harness/flood.ts": "people write at a pace",
  "test/faults/harness/scenario.ts": "people write at a pace",
  "test/faults/harness/cluster-play.ts": "people write at a pace, and what goes wrong lasts",
  "test/faults/harness/cluster-watch.ts": "looks again and again whose an account is",
  "test/support/cuts.ts": "people write at a pace",
  "test/support/reload-under-load.ts": "a file is changed at a pace",
  "test/faults/harness/recording-agent.ts": "an agent that thinks",
  "test/integration/nothing-lost.test.ts": "an agent that thinks",
  "test/support/fake-models.ts": "a server that breaks off within its answer",
  "test/integration/agents/http.test.ts": "a server that breaks off within its answer",
  "test/integration/agents/command.test.ts": "a program that writes in two pieces",
};

/** Programs that play slow ones, and the list itself. */
const apart = ["test/fixtures/", "test/unit/no-fixed-sleeps.test.ts"];

const sleeps = /\bsetTimeout(?:\(| as\b)|(?<![\w.])(?:sleep|delay|pause)\(|\bAtomics\.wait\(|Sync\("sleep\b/;

const root = join(import.meta.dirname, "../..");
const files = ["test", "src"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  )
  .map((file) => file.split(sep).join("/"))
  .filter((file) => (file.startsWith("test/") ? /\.m?ts$/.test(file) : file.endsWith(".test.ts")))
  .filter((file) => !apart.some((start) => file.startsWith(start)));

it("waits for conditions in tests, not for a fixed time", () => {
  const found = files.filter((file) => sleeps.test(readFileSync(join(root, file), "utf8")));
  expect(found.sort()).toEqual(Object.keys(allowed).sort());
});
