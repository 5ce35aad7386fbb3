import {
  type ConfigFailure,
  formatProblem,
  type LoadedConfig,
  loadConfig,
  watchConfig,
} from "../config/index.js";
import { type Clock, type Log, messageOf, systemClock } from "../platform/index.js";
import { type Context, readVariablesAgain } from "./context.js";

/** Between two looks at the file of variables, milliseconds. They also keep the process alive, which only waits for files. */
const lookMs = 2000;

/** How a configuration is waited for. */
export interface ServiceWait {
  log: Log;
  /** Settles when the wait is to end. */
  ended: Promise<unknown>;
  /** Default: the machine's. */
  clock?: Clock;
}

/**
 * The configuration for a gateway that runs as a service. Where it is invalid, its problems go to the log, and it is waited for:
 * ending would only have the service manager start it again and again (behaviour 1.6a). What it lacks may be a variable, so
 * the file of those is read again, too.
 * @param context has the variables that there are when it was valid
 * @returns undefined when the wait ended first
 */
export async function serviceConfiguration(
  context: Context,
  { log, ended, clock = systemClock }: ServiceWait,
): Promise<LoadedConfig | undefined> {
  const { env, home, configOption } = context;
  const load = () => loadConfig({ env, home, path: configOption });
  const loaded = await load();
  if (loaded.ok) return loaded.value;
  const { path, source } = loaded.error;
  const tell = ({ errors }: ConfigFailure) => {
    for (const problem of errors) log.error(formatProblem(path, problem));
    log.error(
      `the configuration is invalid; the gateway starts when ${path} or a missing variable was corrected`,
    );
  };
  tell(loaded.error);
  return new Promise((resolve) => {
    const end = (result: LoadedConfig | undefined) => {
      stopLooking();
      watch.close();
      resolve(result);
    };
    const take = (edit: Awaited<ReturnType<typeof load>>) => (edit.ok ? end(edit.value) : tell(edit.error));
    const failed = (error: unknown) =>
      log.error(`the configuration could not be looked at: ${messageOf(error)}`);
    const watch = watchConfig({ env, path, source, clock, listener: { edited: take, failed } });
    const stopLooking = clock.every(lookMs, () => {
      if (!readVariablesAgain(context)) return;
      const { environmentProblem: problem } = context;
      if (problem) log.error(`${problem.message}. ${problem.hint ?? ""}`.trim());
      void load().then(take);
    });
    void ended.then(() => end(undefined));
  });
}
