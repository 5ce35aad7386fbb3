import { normalizeId } from "../config/index.js";
import type { Outcome, Rules } from "./probe.js";
import { type Named, type Question, questionsFor } from "./probes.js";

/** A message that does not fare as it did. */
export interface Change {
  question: Question;
  before: Outcome;
  after: Outcome;
  /** `opened` and `closed` tell of answers and of pairing codes; `moved` is answered by another agent. */
  kind: "opened" | "closed" | "moved";
}

/** Asks two rule sets the same questions. @returns the answers that differ */
export function compare(before: Rules, after: Rules, named: Named): Change[] {
  const accounts = [...new Set([...before.accounts, ...after.accounts])];
  return questionsFor(named, accounts).flatMap((question): Change[] => {
    const then = before.ask(question);
    const now = after.ask(question);
    const kind = kindOf(then, now);
    return kind === undefined ? [] : [{ question, before: then, after: now, kind }];
  });
}

const ranks = { refused: 0, code: 1, answered: 2 } as const;

function kindOf(before: Outcome, after: Outcome): Change["kind"] | undefined {
  const step = ranks[after.kind] - ranks[before.kind];
  if (step !== 0) return step > 0 ? "opened" : "closed";
  return agentOf(before) === agentOf(after) ? undefined : "moved";
}

/** @returns the agent that answers, normalised */
function agentOf(outcome: Outcome): string | undefined {
  return outcome.kind === "answered" ? normalizeId(outcome.agent) : undefined;
}
