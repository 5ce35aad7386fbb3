import { existsSync, readFileSync } from "node:fs";
import type { RunTool } from "../bridge/index.js";
import {
  installedContext,
  isVersioned,
  knownManager,
  type ServiceContext,
  type ServiceManager,
  serviceState,
} from "../service/index.js";
import { by, type Finding, failed, fine, warn } from "./check.js";
import { type Loaded, loadedService } from "./macos/loaded-service.js";

/** The gateway's service as it is installed. */
export interface InstalledService {
  manager: ServiceManager;
  /** The state directory that it was installed with. */
  stateDir: string;
  /** The command line in its file. */
  command: string[];
  /** The Node that the gateway runs with, by the path that the service has of it. */
  node: string | undefined;
}

/** @returns undefined where no service is installed */
export async function installedService(context: ServiceContext): Promise<InstalledService | undefined> {
  const its = await installedContext(context);
  const manager = knownManager(its);
  if (!manager || !existsSync(manager.file)) return undefined;
  const content = readFileSync(manager.file, "utf8");
  const { stateDir } = its;
  return { manager, stateDir, command: manager.commandIn(content), node: manager.programsIn(content)[0] };
}

/** @returns what the service manager has in its memory of it; undefined where it does not tell that (systemd) */
export async function loadedOf({ manager }: InstalledService, run: RunTool): Promise<Loaded | undefined> {
  const [, service] = manager.ask.args;
  return manager.name === "launchd" && service ? loadedService(run, service) : undefined;
}

/** The gateway's service: whether it can be started, runs, is of this program and configuration, and starts again after a login. */
export async function checkService(
  { manager, command, node }: InstalledService,
  loaded: Loaded | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const { current, running, missing } = await serviceState(manager, env);
  const { again } = manager;
  const findings = [
    stateOf(manager, { current, running, missing, command, loaded }),
    ...(loaded?.disabled && running
      ? [
          warn(
            "service.enabled",
            "launchd has it disabled: it does not start after the next login",
            `Run \`${again}\`: it enables it.`,
          ),
        ]
      : []),
    ...(node !== undefined && missing.length === 0 && isVersioned(node)
      ? [
          warn(
            "service.path",
            `its path of Node names a version, and is gone after the next update: ${node}`,
            `Run \`${again}\` again after each update of Node.`,
          ),
        ]
      : []),
  ];
  return findings.map((finding) => by("service", finding));
}

interface Facts {
  current: boolean;
  running: boolean;
  missing: string[];
  command: string[];
  loaded: Loaded | undefined;
}

function stateOf(
  { file, again }: ServiceManager,
  { current, running, missing, command, loaded }: Facts,
): Finding {
  if (missing.length > 0)
    return failed(
      "service",
      `it cannot start again: ${missing.join(" and ")} is gone`,
      `Run \`${again}\`: it finds the paths anew.`,
    );
  if (!running) return notRunning(loaded, again);
  if (!current)
    return warn(
      "service",
      "it was installed for another program, PATH or configuration",
      `Run \`${again}\`: it writes the file anew.`,
    );
  if (loaded && loaded.command.length > 0 && loaded.command.join("\n") !== command.join("\n"))
    return warn(
      "service",
      "what runs was started from an older file of the service",
      "Run `tapback service restart`: launchd reads the file anew.",
    );
  return fine("service", loaded?.lastEnd ? `${file}; it ended before (${loaded.lastEnd})` : file);
}

function notRunning(loaded: Loaded | undefined, again: string): Finding {
  if (loaded?.disabled)
    return failed(
      "service",
      "it is installed, and launchd has it disabled",
      `Run \`${again}\`: it enables and starts it.`,
    );
  if (loaded && !loaded.known)
    return failed(
      "service",
      "it is installed, and launchd does not know of it in this session",
      "Log in at the Mac's own screen as this user, then: tapback service restart",
    );
  return failed(
    "service",
    `it is installed and does not run${loaded?.lastEnd ? `: it ended (${loaded.lastEnd})` : ""}`,
    "Run `tapback service restart`, and look at `tapback service logs`.",
  );
}
