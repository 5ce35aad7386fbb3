import { drawAct } from "./acts/index.js";
import type { Act } from "./acts/kind.js";
import { Random } from "./random.js";

/** One step of a run: what happens, and how long after the step before, milliseconds. */
export interface Step {
  id: number;
  after: number;
  act: Act;
}

/** All that decides a run. */
export interface Plan {
  seed: number;
  profile: string;
  /** How many gateways share a state on a server; one alone with its file when absent. */
  nodes?: number;
  steps: Step[];
}

/** Makes the plan of a run. @param messages how many messages people write @param nodes as in {@link Plan} */
export function planOf(seed: number, messages: number, profile: string, nodes = 1): Plan {
  const random = new Random(`plan ${seed} ${profile}${nodes > 1 ? ` of ${nodes}` : ""}`);
  const steps: Step[] = [];
  for (let said = 0; said < messages; ) {
    const draw = random.fork(String(steps.length));
    const { act, kind } = drawAct(draw, nodes);
    said += kind.messages?.(act) ?? 0;
    steps.push({ id: steps.length, after: kind.pauseMs?.(draw) ?? pauseOf(draw, nodes), act });
  }
  return { seed, profile, ...(nodes > 1 && { nodes }), steps };
}

/** As people pause: most write at once, few think for long; where leases have to come to their end more of them do. */
function pauseOf(random: Random, nodes: number): number {
  if (nodes > 1 && random.chance(0.15)) return random.between(2000, 25_000);
  if (random.chance(0.5)) return random.between(0, 30);
  if (random.chance(0.7)) return random.between(30, 600);
  return random.chance(0.97) ? random.between(600, 4000) : random.between(4000, 40_000);
}
