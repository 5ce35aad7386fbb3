import { ownProgram } from "../service/index.js";
import type { Context } from "./context.js";

const { execPath, argv0, argv } = process;

/** @returns how this program is started once more, looked up at each call (behaviour 1.6b) */
export function thisProgram({ env }: Pick<Context, "env">): () => ReturnType<typeof ownProgram> {
  const started = { execPath, argv0, script: argv[1]! };
  return () => ownProgram(started, env);
}
