import type { Random } from "../random.js";
import type { Stage } from "./stage.js";

/** What happens in one step, as a trace keeps it: a kind, and what its chances came to. */
export interface Act {
  do: string;
  [drawn: string]: unknown;
}

/** The step that is carried out. */
export interface At {
  /** Number of the step. */
  id: number;
  /** The step's own chances, whatever was left out before it. */
  random: Random;
}

/** A kind of what people do, or of what goes wrong. One file each, and a line in `acts/index.ts`. */
export interface Kind<Drawn extends object = object> {
  /** Stands in traces. */
  name: string;
  /** How often it comes, beside the others. */
  weight: number;
  /** What its chances come to; all that {@link play} needs to do the same again. */
  draw(random: Random): Drawn;
  /** How many messages people write by it; none when absent. */
  messages?(drawn: Drawn): number;
  /** How long after the step before, milliseconds; as people pause when absent. */
  pauseMs?(random: Random): number;
  /** By what it is counted; its name when absent. */
  countedAs?(drawn: Drawn): string;
  play(stage: Stage, drawn: Drawn, at: At): unknown;
}

/** A kind, for the list of them all. */
export function kind<Drawn extends object>(described: Kind<Drawn>): Kind {
  return described as unknown as Kind;
}
