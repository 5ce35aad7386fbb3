import type { Context } from "../context.js";

/**
 * `tapback demo`: a phone and the gateway on one screen; lines where there is no keyboard; the scripted conversation with
 * `--script`, with `--json`, and where nobody looks.
 */
export async function demo(context: Context, _options: { script?: boolean }): Promise<number> {
  const started = process.argv[1]!;
  const { runScript } = await import("../demo/script/run.js");
  return runScript(context, started);
}
