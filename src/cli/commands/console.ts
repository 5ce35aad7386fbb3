import { askGateway } from "../../control/index.js";
import { TapbackError } from "../../platform/index.js";
import { openInBrowser } from "../browser.js";
import type { Context } from "../context.js";
import { printJson, printLine, styled } from "../output.js";

/** `tapback console` (behaviour 19.1). @throws `GATEWAY_UNREACHABLE` where none runs, `CONSOLE_OFF` */
export async function openConsole(context: Context, options: { browser?: boolean }): Promise<undefined> {
  const answer = await askGateway(context.stateDir, "console.address", {});
  if (!answer)
    throw new TapbackError("GATEWAY_UNREACHABLE", "no gateway runs, and it is what serves the console", {
      hint: "Start it with `tapback gateway`.",
    });
  const { url } = answer.result;
  if (context.json) return void printJson({ url });
  printLine(url);
  printLine(styled("dim", "It opens the console once, in one browser, within ten minutes."));
  if (options.browser !== false && process.stdout.isTTY) openInBrowser(url);
}
