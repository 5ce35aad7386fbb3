import { realpathSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { formatProblem } from "../../config/index.js";
import { createGateway } from "../../gateway/index.js";
import { createLog, type RotatedLog } from "../../platform/index.js";
import { appMark, serviceMark } from "../../service/index.js";
import { type Context, readConfig } from "../context.js";
import { firstSignal } from "../first-signal.js";
import { exitCodes } from "../output.js";
import { parentEnded } from "../parent-ended.js";
import { watchReplacement } from "../replacement.js";
import { serviceConfiguration } from "../service-configuration.js";
import { startWhenFree } from "../start-when-free.js";
import { thisProgram } from "../this-program.js";

/**
 * `tapback gateway`: runs until SIGINT or SIGTERM; a second signal ends it at once (behaviour 1.4). It also ends when
 * another version is installed over it, with exit code 1, for whatever starts it again. As a service it waits for a valid
 * configuration (behaviour 1.6a).
 */
export async function gateway(context: Context): Promise<number> {
  if (context.environmentProblem) throw context.environmentProblem;
  const script = process.argv[1]!;
  const app = takeMark(context.env, appMark);
  const signalled = app ? Promise.race([firstSignal(), parentEnded(Number(app))]) : firstSignal();
  const installed = watchReplacement(realpathSync(script));
  const ended = Promise.race([signalled, installed.replaced]);
  const colours = process.stderr.isTTY === true && !process.env.NO_COLOR;
  const isService = takeMark(context.env, serviceMark) !== undefined;
  const rotated = isService ? serviceLog(context.stateDir) : undefined;
  const waiting = createLog({ level: "info", format: "text" }, colours, rotated);
  const loaded = isService
    ? await serviceConfiguration(context, { log: waiting, ended })
    : await readConfig(context);
  if (!loaded) {
    installed.close();
    return (await ended) ? exitCodes.done : exitCodes.refused;
  }
  const { config, path, source, warnings } = loaded;
  const log = createLog(config.logging, colours, rotated);
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
    program: thisProgram(context),
  });
  const waitMs = app ? config.gateway.shutdownGraceMs + lastingMs : 0;
  if (!(await startWhenFree(running, { waitMs, ended }))) {
    installed.close();
    return exitCodes.done;
  }
  // Last, where they are seen; a line of the log before imsg is starting would also hold it up.
  for (const warning of warnings) log.warn(formatProblem(path, warning));
  const signal = await ended;
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

/** What a gateway that ends takes beside its running turns, milliseconds. */
const lastingMs = 20_000;

/** The log of a service is put aside at this size, bytes, and so many older ones are kept. */
const mostLogBytes = 10_000_000;
const keptLogs = 3;

/** launchd opens the log of the service under both standard streams. */
function serviceLog(stateDir: string): RotatedLog {
  return { path: join(stateDir, "gateway.log"), fd: 2, mostBytes: mostLogBytes, kept: keptLogs };
}

/** What the service manager, or the app, told this process. What this one starts is no service: the mark goes no further. */
function takeMark(env: Context["env"], mark: string): string | undefined {
  const given = env[mark] ?? process.env[mark];
  for (const each of [env, process.env]) delete each[mark];
  return given;
}
