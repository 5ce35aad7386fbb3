// Notes which mutants a test file reaches: the file whose name stands in MUTANTS_REACHED gets a line for each test file.
import { appendFileSync } from "node:fs";
import { afterAll, beforeAll, expect } from "vitest";

const file = process.env.MUTANTS_REACHED;
if (file !== undefined) {
  let loading = [];
  beforeAll(() => {
    loading = taken();
  });
  afterAll(() => {
    const { testPath } = expect.getState();
    appendFileSync(file, `${JSON.stringify({ testPath, loading, ids: taken() })}\n`);
  });
}

/** Test files share one process, so each takes what is its own. */
function taken() {
  const ids = [...(globalThis.__reachedMutants ?? [])];
  globalThis.__reachedMutants?.clear();
  return ids;
}
