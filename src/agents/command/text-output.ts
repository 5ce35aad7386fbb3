import type { AgentEvent } from "../contract.js";
import type { Child } from "../process/child.js";
import { outputError } from "./exit.js";
import { Utf8Check } from "./utf8-check.js";

/** More than 250 full messages: a program that writes more has lost its way. */
export const maxOutputBytes = 1_000_000;

/**
 * Reads a program's output as the answer; nothing but white space is no answer. Text of a program that failed is not
 * sent, so it is given out only after a good end.
 * @throws AGENT_OUTPUT when there is more than a megabyte, or no text
 */
export async function* readText(child: Child): AsyncGenerator<AgentEvent> {
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxOutputBytes) parts.push(chunk);
    else void child.stop();
  });
  const end = await child.ended;
  if (bytes > maxOutputBytes) throw outputError("The program wrote more than 1 MB");
  if (end.code !== 0) return;
  const output = Buffer.concat(parts);
  const check = new Utf8Check();
  check.push(output);
  check.end();
  const text = output.toString("utf8").trim();
  if (text !== "") yield { type: "text", text };
}
