// Notes which mutants a test file reaches: the file whose name stands in MUTANTS_REACHED gets a line for each.
import { appendFileSync } from "node:fs";
import { afterAll, expect } from "vitest";

const file = process.env.MUTANTS_REACHED;
if (file !== undefined)
  afterAll(() => {
    const { testPath } = expect.getState();
    const ids = [...(globalThis.__reachedMutants ?? [])];
    appendFileSync(file, `${JSON.stringify({ testPath, ids })}\n`);
  });
