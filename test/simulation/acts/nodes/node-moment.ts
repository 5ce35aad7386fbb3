import type { Random } from "../../random.js";
import { type Moment, momentOf } from "../process/moment.js";

/** Draws a moment of a node, which often is now: leases are long beside what is under way. */
export function nodeMomentOf(random: Random): Moment {
  const moment: Moment = random.chance(0.4) ? { when: "now" } : momentOf(random);
  return moment.when === "statement" ? { ...moment, isAfter: random.chance(0.5) } : moment;
}
