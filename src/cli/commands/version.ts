import { version } from "../../platform/index.js";
import type { Context } from "../context.js";
import { printJson, printLine } from "../output.js";

/** `tapback version`. */
export function printVersion(context: Context): undefined {
  if (context.json) printJson({ version });
  else printLine(version);
}
