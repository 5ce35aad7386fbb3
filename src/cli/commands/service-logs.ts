import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { messageOf, TapbackError } from "../../platform/index.js";
import { serviceManager } from "../../service/index.js";
import type { Context } from "../context.js";
import { exitCodes, printJson, printLine } from "../output.js";
import { asInstalled } from "../service-context.js";

export interface LogsOptions {
  lines?: string;
  follow?: boolean;
}

/**
 * `tapback service logs`: the newest lines of the service's log, from where its manager keeps them. With `--json` one
 * value, `{ lines }`, or with `--follow` one string per line.
 * @throws TapbackError `USAGE`, `SERVICE_MANAGER_FAILED` when the log cannot be read
 */
export async function logs(
  context: Context,
  { lines = "100", follow = false }: LogsOptions,
): Promise<number> {
  if (!/^\d{1,6}$/.test(lines))
    throw new TapbackError("USAGE", `--lines ${lines} is no number of lines`, { hint: "Try --lines 200." });
  const { found } = await asInstalled(context);
  return printLog(context, serviceManager(found).logs(Number(lines), follow), follow);
}

/**
 * Prints what a program prints of a log.
 * @throws TapbackError `SERVICE_MANAGER_FAILED` when it fails
 */
export async function printLog(
  context: Context,
  { program, args }: { program: string; args: string[] },
  follow: boolean,
): Promise<number> {
  const child = spawn(program, args, { env: context.env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      said = messageOf(error);
      resolve(null);
    });
    child.on("close", resolve);
  });
  const kept: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (!context.json) printLine(line);
    else if (follow) printJson(line);
    else kept.push(line);
  }
  const exitCode = await ended;
  if (exitCode !== 0)
    throw new TapbackError(
      "SERVICE_MANAGER_FAILED",
      `${program} ${args.join(" ")} failed: ${said.trim() || `exit code ${exitCode}`}`,
      { hint: "There is a log once the service ran: `tapback service status`." },
    );
  if (context.json && !follow) printJson({ lines: kept });
  return exitCodes.done;
}
