import type { Reached } from "../../store/index.js";

/** What a person reads, once a day. */
export const forPerson = "That is all that I can answer you today. Write to me again tomorrow.";

/** One sentence for `explain`. */
export function gateDetail(reached: Reached): string {
  return `The person of this message has had ${amountOf(reached)} of this day.`;
}

/**
 * What owners read, once a day for each person.
 * @param who name and handle
 * @param key the configuration path of the limit
 */
export function forOwners(who: string, agentId: string, key: string, reached: Reached): string {
  const next = `What else ${who} writes today is not answered; \`tapback retry --reason limit_reached\` does it later.`;
  if (reached.kind !== "unknown") return `${who} has had ${amountOf(reached)} of today (${key}). ${next}`;
  const why = `${who} has a limit of tokens alone (${key}), and a turn of today told none, last asked of ${agentId}: whether it is reached is not known`;
  return `${why}, so it counts as reached. ${next} With turnsPerDay beside it, turns are bounded by number.`;
}

function amountOf({ kind, used, limit }: Reached): string {
  if (kind === "turns") return `${used} of ${limit} turns`;
  if (kind === "tokens") return `${used} of ${limit} tokens`;
  return `${used === 1 ? "a turn" : `${used} turns`} whose tokens nobody told, with a limit of ${limit} tokens`;
}
