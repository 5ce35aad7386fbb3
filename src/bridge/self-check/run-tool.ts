import { type ProgramRun, runProgram } from "../../platform/index.js";

/** Runs one of the tools that macOS brings, to its end or its limit in milliseconds; never rejects. Tests bring their own. */
export type RunTool = (program: string, args: string[], limitMs: number) => Promise<ProgramRun>;

/** The machine's own tools. @param env PATH and the rest that they run with */
export function toolsOf(env: Record<string, string | undefined>): RunTool {
  return (program, args, timeoutMs) => runProgram(program, args, { env, timeoutMs });
}
