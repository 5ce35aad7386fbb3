import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RunResult } from "./run.js";
import type { Asked } from "./worker.js";

/** A run, as the file of the results keeps it. */
export interface KeptResult extends RunResult {
  /** What was played: the commit, with a mark where files differed from it. */
  commit: string;
  /** How many messages were asked for; a burst may bring some more. */
  asked: number;
}

/** A file of results, one line each, that many calls go on with: over several nights, by several commits. */
export class Results {
  readonly all: KeptResult[];

  /** @param path of the file; nothing is kept when absent */
  constructor(private readonly path: string | undefined) {
    if (path) mkdirSync(dirname(path), { recursive: true });
    this.all = path && existsSync(path) ? readFileSync(path, "utf8").split("\n").flatMap(read) : [];
  }

  /** Whether a seed was played already, as long, with the same profile and as many gateways. */
  has({ seed, profile, nodes, messages }: Asked): boolean {
    return this.all.some(
      (one) =>
        one.seed === seed && one.profile === profile && one.asked === messages && (one.nodes ?? 1) === nodes,
    );
  }

  /** Keeps a result. */
  add(result: KeptResult): void {
    this.all.push(result);
    if (this.path) appendFileSync(this.path, `\n${JSON.stringify(result)}`);
  }
}

/** A line that was cut off when the machine stopped is played again. */
function read(line: string): KeptResult[] {
  try {
    return line === "" ? [] : [JSON.parse(line) as KeptResult];
  } catch {
    return [];
  }
}
