import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { messageOf, TapbackError, writeFileAtomic } from "../../platform/index.js";
import type { Context } from "../context.js";
import { printJson, printLine } from "../output.js";
import { readBundle } from "./bundle.js";
import { reportTest } from "./test-text.js";

export interface AsTestOptions {
  out?: string;
  /** Ids of messages that were not handled as they should have been. */
  wrong?: string[];
}

/**
 * `tapback report --as-test FILE`: turns a report into a test for node:test, which plays it in a simulated world (behaviour 22.1).
 * @throws `REPORT_INVALID`, `REPORT_UNWRITABLE`, `MESSAGE_NOT_FOUND`
 */
export function asTest(context: Context, file: string, { out, wrong = [] }: AsTestOptions): undefined {
  let text: string;
  try {
    text = readFileSync(resolve(file), "utf8");
  } catch (error) {
    throw new TapbackError("REPORT_INVALID", `${file} cannot be read: ${messageOf(error)}`, {
      hint: "Name a file that `tapback report` wrote.",
    });
  }
  const bundle = readBundle(text, file);
  const made = reportTest(bundle, basename(file), new Set(wrong.map(Number)));
  const target = resolve(out ?? basename(file).replace(/(\.json)?$/, ".test.mjs"));
  try {
    writeFileAtomic(target, made.text);
  } catch (error) {
    throw new TapbackError("REPORT_UNWRITABLE", `${target} cannot be written: ${messageOf(error)}`, {
      hint: "Name another file with --out.",
    });
  }
  const { messages, missing } = made;
  if (context.json) return void printJson({ path: target, messages, missing });
  printLine(`Wrote ${target}: ${messages} messages. Run it with \`node --test\`.`);
  printLine("What the report does not have, and so the test has not:");
  for (const line of missing) printLine(`  ${line}`);
}
