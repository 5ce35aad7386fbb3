import { resolve } from "node:path";
import { expandHome } from "../../config/index.js";
import type { AgentDefinition, AgentDeps } from "../definition.js";
import type { ChildOptions } from "./child.js";

/** A program as the configuration names it. */
export interface Program {
  command: string;
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
}

/**
 * Turns a program of the configuration into what is started: `~` expanded, a path with a slash taken from the working
 * folder, a bare name left to PATH; the gateway's environment with the program's own on top.
 */
export function programOptions(
  program: Program,
  definition: Pick<AgentDefinition, "workspace">,
  deps: Pick<AgentDeps, "env" | "home" | "records">,
  more: Record<string, string>,
): ChildOptions {
  const cwd = resolve(definition.workspace, expandHome(program.cwd ?? ".", deps.home));
  const command = expandHome(program.command, deps.home);
  return {
    command: command.includes("/") ? resolve(cwd, command) : command,
    args: program.args ?? [],
    cwd,
    env: { ...deps.env, ...program.env, ...more },
    records: deps.records,
  };
}
