import { existsSync } from "node:fs";
import { findProgram } from "../platform/index.js";
import { homebrewPath } from "./stable-path.js";

/** How this very program is started once more. */
interface OwnProgram {
  command: string;
  args: string[];
}

/**
 * Looks where Node and this program lie now: while a gateway runs, an update may take away the folder that it was started
 * from, and what agents start would not be found (behaviour 1.6b).
 * @param started `execPath`, `argv0` and `argv[1]` of this process
 */
export function ownProgram(
  { execPath, argv0, script }: { execPath: string; argv0: string; script: string },
  env: Record<string, string | undefined>,
): OwnProgram {
  const places = [execPath, homebrewPath(execPath), argv0.startsWith("/") ? argv0 : undefined, "node"];
  const command = places
    .map((place) => (place === undefined ? undefined : findProgram(place, env)))
    .find((found) => found !== undefined);
  const program = [script, homebrewPath(script)].find((path) => path !== undefined && existsSync(path));
  return { command: command ?? execPath, args: [program ?? script] };
}
