import { realpathSync } from "node:fs";
import { format } from "node:util";
import { formatProblem } from "../../config/index.js";
import { createGateway, createLog } from "../../gateway/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes } from "../output.js";
import { watchReplacement } from "../replacement.js";

/**
 * `tapback gateway`: runs until SIGINT or SIGTERM; a second signal ends it at once (behaviour 1.4). It also ends when
 * another version is installed over it, with exit code 1, for whatever starts it again.
 */
export async function gateway(context: Context): Promise<number> {
  const { config, path, source, warnings } = await readConfig(context);
  const log = createLog(config.logging, process.stderr.isTTY === true && !process.env.NO_COLOR);
  // Libraries speak through the console; the log has one form, and one line per event (behaviour 17.2).
  for (const level of ["warn", "error"] as const)
    console[level] = (...words: unknown[]) => log.warn(format(...words).replace(/\s+/g, " "));
  const running = createGateway({
    config,
    configFile: { path, source },
    stateDir: context.stateDir,
    log,
    env: context.env,
    home: context.home,
    program: { command: process.execPath, args: [process.argv[1]!] },
  });
  const signalled = new Promise<string>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once("SIGINT", () => process.exit(exitCodes.interrupted));
        process.once("SIGTERM", () => process.exit(exitCodes.interrupted));
        resolve(signal);
      });
    }
  });
  await running.start();
  // Last, where they are seen; a line of the log before imsg is starting would also hold it up.
  for (const warning of warnings) log.warn(formatProblem(path, warning));
  const installed = watchReplacement(realpathSync(process.argv[1]!));
  const signal = await Promise.race([signalled, installed.replaced]);
  installed.close();
  if (signal) log.info(`${signal}: finishing what runs`);
  else log.warn("Tapback was installed anew while it ran: this one ends, so that the new one can start");
  await running.stop({ goesOn: !signal });
  log.info("stopped");
  const code = signal ? exitCodes.done : exitCodes.refused;
  // Something that an agent left behind must not keep the process alive.
  setTimeout(() => process.exit(code), 1000).unref();
  return code;
}
