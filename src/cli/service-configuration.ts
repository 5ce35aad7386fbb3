import {
  type ConfigFailure,
  formatProblem,
  type LoadedConfig,
  loadConfig,
  watchConfig,
} from "../config/index.js";
import type { Log } from "../platform/index.js";
import type { Context } from "./context.js";

/** Pause of a timer that does nothing but keep the process alive, which only waits for a file; milliseconds. */
const aliveEveryMs = 60_000;

/**
 * The configuration for a gateway that runs as a service. Where it is invalid, its problems go to the log, and the file is
 * waited for: ending would only have the service manager start it again and again (behaviour 1.6a).
 * @param ended settles when the wait is to end
 * @returns undefined when it ended first
 */
export async function serviceConfiguration(
  context: Context,
  log: Log,
  ended: Promise<unknown>,
): Promise<LoadedConfig | undefined> {
  const { env, home, configOption } = context;
  const loaded = await loadConfig({ env, home, path: configOption });
  if (loaded.ok) return loaded.value;
  const { path, source } = loaded.error;
  const tell = ({ errors }: ConfigFailure) => {
    for (const problem of errors) log.error(formatProblem(path, problem));
    log.error(`the configuration is invalid; the gateway starts when ${path} was corrected`);
  };
  tell(loaded.error);
  return new Promise((resolve) => {
    const alive = setInterval(() => {}, aliveEveryMs);
    const end = (result: LoadedConfig | undefined) => {
      clearInterval(alive);
      watch.close();
      resolve(result);
    };
    const watch = watchConfig({
      env,
      path,
      source,
      onEdit: (edit) => (edit.ok ? end(edit.value) : tell(edit.error)),
    });
    void ended.then(() => end(undefined));
  });
}
