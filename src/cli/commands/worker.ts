import { hostname } from "node:os";
import { format } from "node:util";
import { formatProblem } from "../../config/index.js";
import { createLog, TapbackError } from "../../platform/index.js";
import { Worker } from "../../worker/index.js";
import { type Context, readConfig } from "../context.js";
import { firstSignal } from "../first-signal.js";
import { exitCodes } from "../output.js";
import { thisProgram } from "../this-program.js";

/** `tapback worker`: runs turns until SIGINT or SIGTERM; a second signal ends it at once (behaviour 21.3). */
export async function worker(
  context: Context,
  { agents = [], name = hostname() }: { agents?: string[]; name?: string },
): Promise<number> {
  const ended = firstSignal();
  const { config, path, source, warnings } = await readConfig(context);
  const colours = process.stderr.isTTY === true && !process.env.NO_COLOR;
  const log = createLog(config.logging, colours);
  // Libraries speak through the console; the log has one form, and one line per event (behaviour 17.2).
  for (const level of ["warn", "error"] as const)
    console[level] = (...words: unknown[]) => log.warn(format(...words).replace(/\s+/g, " "));
  const { stateDir, env, home } = context;
  const base = {
    config,
    configFile: { path, source },
    stateDir,
    log,
    env,
    home,
    program: thisProgram(context),
  };
  const running = new Worker({ base, agents: namesIn(agents), name });
  await running.start();
  for (const warning of warnings) log.warn(formatProblem(path, warning));
  log.info(`${await ended}: finishing what runs`);
  await running.stop();
  log.info("stopped");
  // Something that an agent left behind must not keep the process alive.
  setTimeout(() => process.exit(exitCodes.done), 1000).unref();
  return exitCodes.done;
}

/** @throws `USAGE` */
function namesIn(given: readonly string[]): string[] {
  const names = given.flatMap((text) => text.split(",")).map((text) => text.trim());
  const all = names.filter((text) => text !== "");
  if (all.length > 0) return all;
  throw new TapbackError("USAGE", "--agents names no agent");
}
