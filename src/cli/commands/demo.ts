import { openInBrowser } from "../browser.js";
import type { Context } from "../context.js";

/**
 * `tapback demo`: the phone and the gateway on one screen, and the console in the browser; line by line where there is no keyboard; the scripted
 * conversation with `--script`, for a program (`--json`), and where nobody looks.
 */
export async function demo(
  context: Context,
  options: { script?: boolean; browser?: boolean },
): Promise<number> {
  const { stdin, stdout, argv } = process;
  const started = argv[1]!;
  if (options.script || context.json || !stdout.isTTY)
    return (await import("../demo/script/run.js")).runScript(context, started);
  if (!stdin.isTTY || context.env.TERM === "dumb")
    return (await import("../demo/lines.js")).runLines(context, started);
  return (await import("../demo/terminal/app.js")).runApp(
    context,
    started,
    options.browser === false ? () => {} : openInBrowser,
  );
}
