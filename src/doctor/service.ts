import { knownManager, type ServiceContext, serviceState } from "../service/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/** The gateway's service, where it is installed: whether it can be started, runs, and is of this program and configuration. */
export async function checkService(context: ServiceContext): Promise<Finding[]> {
  const manager = knownManager(context);
  if (!manager) return [];
  const { installed, current, running, missing } = await serviceState(manager, context.env);
  if (!installed) return [];
  if (missing.length > 0)
    return [
      failed(
        "service",
        `it cannot start again: ${missing.join(" and ")} is gone`,
        "Run `tapback service install`: it finds the paths anew.",
      ),
    ];
  if (!running)
    return [
      failed(
        "service",
        "it is installed and does not run",
        "Run `tapback service restart`, and look at `tapback service logs`.",
      ),
    ];
  return [
    current
      ? fine("service", manager.file)
      : warn(
          "service",
          "it was installed for another program, PATH or configuration",
          "Run `tapback service install`: it writes the file anew.",
        ),
  ];
}
