import JSON5 from "json5";
import type { Dialect, KnownChat } from "../../src/coming-over/index.js";
import { translate } from "../../src/coming-over/translation/translate.js";
import { formatPath } from "../../src/config/index.js";

/** One value on its way, as a test reads it. */
export interface Translated {
  from: string;
  /** Undefined when it is left out. */
  to: string | undefined;
  value: unknown;
  why: string | undefined;
  /** `aside` and `quiet`, where they are set. */
  marks: string[];
}

/** Translates another system's file, before it is fitted to our fields and before anything is closed. */
export function translated(
  dialect: Dialect,
  source: string,
  chats: KnownChat[] = [],
  env: Record<string, string> = {},
) {
  const moves = translate(dialect, JSON5.parse(source), chats, env).map(
    ({ from, to, value, why, aside, quiet }): Translated => ({
      from: formatPath(from),
      to: to && formatPath(to),
      value,
      why,
      marks: [...(aside ? ["aside"] : []), ...(quiet ? ["quiet"] : [])],
    }),
  );
  return {
    moves,
    /** The one that holds: of two for one place it is the first. */
    at: (to: string) => moves.find((move) => move.to === to),
    /** What became of a key. */
    of: (from: string) => moves.filter((move) => move.from === from),
  };
}
