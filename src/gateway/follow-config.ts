import { type Config, type ConfigWatch, formatProblem, watchConfig } from "../config/index.js";
import type { Clock, Log } from "../platform/index.js";

/** What a change of the configuration's file comes to. */
export interface FollowConfigDeps {
  clock: Clock;
  log: Log;
  env: Record<string, string | undefined>;
  apply: (config: Config) => Promise<void>;
}

/** A valid change of the file holds from the next message; an invalid one is told once and changes nothing (behaviour 2.3). */
export function followConfig(
  file: { path: string; source: string | undefined },
  { clock, log, env, apply }: FollowConfigDeps,
): ConfigWatch {
  return watchConfig({
    ...file,
    clock,
    env,
    onEdit: async (edit) => {
      if (edit.ok) return apply(edit.value.config);
      log.error("the changed configuration is invalid; the last good one stays in use");
      for (const problem of edit.error.errors) log.error(formatProblem(file.path, problem));
    },
  });
}
