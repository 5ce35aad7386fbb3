import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SentAlert } from "../ledger.js";
import type { Facts, Invariant } from "./invariant.js";

/** A life that lived so long after an alert had arrived knew that, and had kept it; milliseconds. */
const keptMs = 1000;

/**
 * A trouble is told once, and its end once after it; a death right then alone may tell either again, and no trouble that was
 * told is forgotten before its end was told (behaviour 18.5).
 */
export function alertsTold(): Invariant {
  let judged = 0;
  /** What arrived of each trouble: its begin, then its end. */
  const told = new Map<string, SentAlert>();
  const open = new Set<string>();
  return {
    name: "a trouble is told once, and its end",
    step({ ledger, stateDirs, cluster }: Facts) {
      for (; judged < ledger.alerts.length; judged++) {
        const alert = ledger.alerts[judged]!;
        // Whether it is known to have arrived is not over yet.
        const trouble = `${alert.kind} ${alert.account} since ${alert.since}`;
        const wrong = againTold(told.get(`${trouble} ${alert.state}`), ledger.lifeEnds, alert.at);
        if (wrong) return `${trouble} is told as ${alert.state} once more`;
        if (alert.state === "over" && !open.has(trouble) && !told.has(`${trouble} over`))
          return `the end of ${trouble} is told, and nobody was told of it`;
        if (alert.state === "begun" && told.has(`${trouble} over`)) return `${trouble} is told after its end`;
        if (alert.state === "begun") open.add(trouble);
        else open.delete(trouble);
        told.set(`${trouble} ${alert.state}`, alert);
      }
      // Each machine keeps what it told itself: of an account that another one took over it says no more (behaviour 21.4c).
      if (open.size === 0 || cluster !== undefined) return undefined;
      const kept = new Set(stateDirs.flatMap(troublesIn));
      for (const trouble of open)
        if (!kept.has(trouble)) return `${trouble} was told, and is forgotten before its end`;
      return undefined;
    },
  };
}

function againTold(before: SentAlert | undefined, lifeEnds: readonly number[], at: number): boolean {
  if (!before?.isAnswered) return false;
  const end = lifeEnds.find((each) => each >= before.at && each <= at);
  return end === undefined || end > before.at + keptMs;
}

function troublesIn(stateDir: string): string[] {
  const file = join(stateDir, "alerts.json");
  if (!existsSync(file)) return [];
  const { spells } = JSON.parse(readFileSync(file, "utf8")) as {
    spells: { trouble: { kind: string; account?: string }; since: number }[];
  };
  return spells.map(
    ({ trouble: { kind, account = "" }, since }) =>
      `${kind} ${account} since ${new Date(since).toISOString()}`,
  );
}
