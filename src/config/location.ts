import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** The surroundings in which files are looked for. They come in through parameters, so that tests own them. */
export interface Surroundings {
  /** Environment variables. */
  env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder, absolute. */
  home: string;
}

/** @returns the path with a leading `~` replaced by the home folder */
export function expandHome(path: string, home: string): string {
  if (path === "~") return home;
  return path.startsWith("~/") ? join(home, path.slice(2)) : path;
}

/** @returns the folder that holds the state: `TAPBACK_STATE_DIR`, else `~/.tapback` (behaviour 1.5) */
export function stateDir({ env, home }: Surroundings): string {
  const wanted = env.TAPBACK_STATE_DIR;
  return wanted ? resolve(expandHome(wanted, home)) : join(home, ".tapback");
}

/**
 * @param option the value of `--config`, when given
 * @returns the configuration file: `--config`, else `TAPBACK_CONFIG`, else `tapback.json5` in the state folder, and
 * when a state folder of one's own has none, the one in `~/.tapback` (behaviour 1.5)
 */
export function configPath(surroundings: Surroundings, option?: string): string {
  const { env, home } = surroundings;
  const wanted = option || env.TAPBACK_CONFIG;
  if (wanted) return resolve(expandHome(wanted, home));
  const beside = join(stateDir(surroundings), "tapback.json5");
  const usual = join(home, ".tapback", "tapback.json5");
  return !existsSync(beside) && existsSync(usual) ? usual : beside;
}
