import { environmentPath, readEnvironment } from "../config/environment/index.js";
import type { LoadedConfig } from "../config/index.js";
import { shellOnlyRemedy, shellOnlyVariables } from "../service/index.js";
import { type Finding, failed, fine, warn } from "./check.js";

/**
 * The file of variables (behaviour 1.5a): usable, not contradicted by the environment of this process, and complete for a
 * gateway that runs as a service (behaviour 1.6d).
 * @param env with the variables of the file beneath those of the process
 * @param loaded absent where the configuration cannot be used
 */
export async function checkEnvironment(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
  loaded: LoadedConfig | undefined,
): Promise<Finding[]> {
  const { variables, problem } = readEnvironment(stateDir, env);
  const path = environmentPath(stateDir);
  if (problem) return [failed("environment", problem.message, problem.hint ?? "Look at the file.")];
  const differ = Object.keys(variables).filter((name) => env[name] !== variables[name]);
  const lacking = loaded ? await shellOnlyVariables(loaded, env, variables) : [];
  const findings: Finding[] = [];
  if (differ.length > 0)
    findings.push(
      warn(
        "environment",
        `this shell and ${path} have different values for ${differ.join(", ")}: the shell's hold here, the file's for a service`,
        "Make them the same: `tapback secrets set NAME`, or take it out of one of the two.",
      ),
    );
  if (lacking.length > 0)
    findings.push(
      warn(
        "environment",
        `only this shell has ${lacking.join(", ")}: a gateway that runs as a service does not`,
        shellOnlyRemedy(lacking),
      ),
    );
  const count = Object.keys(variables).length;
  if (findings.length === 0 && count > 0) findings.push(fine("environment", `${path} (${count})`));
  return findings;
}
