import { relative } from "node:path";
import type { Reporter, TestModule } from "vitest/node";

const named = 10;

/** Names the slowest test files at the end of a run, with their seconds: loading and tests together. */
export class SlowestFiles implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // A run of a few files says it all above.
    if (modules.length <= named) return;
    const slowest = modules
      .map((module) => ({ module, seconds: secondsOf(module) }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, named);
    console.log(`Slowest of ${modules.length} files:`);
    for (const { module, seconds } of slowest)
      console.log(`${seconds.toFixed(1).padStart(7)} s  ${relative(process.cwd(), module.moduleId)}`);
  }
}

function secondsOf(module: TestModule): number {
  const { collectDuration, duration } = module.diagnostic();
  return (collectDuration + duration) / 1000;
}
