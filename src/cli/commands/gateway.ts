import { formatProblem } from "../../config/index.js";
import { createGateway, createLog } from "../../gateway/index.js";
import { type Context, readConfig } from "../context.js";
import { exitCodes } from "../output.js";

/**
 * `tapback gateway`: runs until SIGINT or SIGTERM; a second signal ends it at once (behaviour 1.4).
 */
export async function gateway(context: Context): Promise<number> {
  const { config, path, source, warnings } = await readConfig(context);
  const log = createLog(config.logging, process.stderr.isTTY === true && !process.env.NO_COLOR);
  const running = createGateway({
    config,
    configPath: path,
    configSource: source,
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
  const signal = await signalled;
  log.info(`${signal}: finishing what runs`);
  await running.stop();
  log.info("stopped");
  // Something that an agent left behind must not keep the process alive.
  setTimeout(() => process.exit(exitCodes.done), 1000).unref();
  return exitCodes.done;
}
