import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, by the list at the end of `npm test`. */
const longest = [
  "test/integration/refusals.test.ts",
  "test/e2e/console.test.ts",
  "test/faults/sample.test.ts",
  "test/integration/gateway/state-directory.test.ts",
  "test/faults/simulation.test.ts",
  "test/unit/hostile-texts.test.ts",
  "test/faults/independent.test.ts",
  "test/unit/postgres-store.test.ts",
  "test/integration/contact-card.test.ts",
  "test/integration/postgres.test.ts",
  "test/integration/gateway/turn-scope.test.ts",
  "test/integration/mcp.test.ts",
];

/** Starts the longest files first, so that none of them runs alone at the end, also where no earlier run is known. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.indexOf(relative(process.cwd(), moduleId));
      return place < 0 ? longest.length : place;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
