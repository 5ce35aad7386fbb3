import type { Plan, Step } from "./plan.js";
import type { RunResult } from "./run.js";

/**
 * Finds a short trace that breaks the same invariant: leaves out ever smaller parts of the steps for as long as it does
 * (delta debugging). A step keeps its number and draws its own chances, whatever was left out before it.
 * @param broken the plan, and what it came to
 * @param play plays a plan
 * @param mostRuns how often it is played at most
 */
export async function shrink(
  broken: { plan: Plan; result: RunResult },
  play: (plan: Plan) => Promise<RunResult>,
  mostRuns: number,
): Promise<{ plan: Plan; result: RunResult; runs: number }> {
  const invariant = broken.result.violation?.invariant;
  let { plan, result } = broken;
  let runs = 0;
  const tryWith = async (steps: Step[]): Promise<boolean> => {
    runs++;
    const smaller = { ...plan, steps };
    const found = await play(smaller);
    if (found.violation?.invariant !== invariant) return false;
    plan = untilBroken(smaller, found);
    result = found;
    return true;
  };
  plan = untilBroken(plan, result);
  for (let parts = 2; parts <= plan.steps.length * 2 && runs < mostRuns; ) {
    const size = Math.max(1, Math.ceil(plan.steps.length / parts));
    let isSmaller = false;
    for (let at = 0; at < plan.steps.length && runs < mostRuns; ) {
      const rest = [...plan.steps.slice(0, at), ...plan.steps.slice(at + size)];
      if (await tryWith(rest)) isSmaller = true;
      else at += size;
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller) parts *= 2;
  }
  return { plan, result, runs };
}

/** What came after the violation has no part in it. */
function untilBroken(plan: Plan, { violation }: RunResult): Plan {
  if (violation === undefined) return plan;
  return { ...plan, steps: plan.steps.filter(({ id }) => id <= violation.step) };
}
