import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Finding, fine, warn } from "./check.js";

const run = promisify(execFile);

/** Other gateways that would answer the same messages. */
const others = /\b(openclaw|remoteclaw|clawdbot)(\.m?js)?\b.*\bgateway\b/i;

/** An older system on the same account would answer everything a second time. */
export async function checkNeighbours(): Promise<Finding> {
  try {
    const { stdout } = await run("ps", ["-axo", "pid=,command="], { timeout: 5000 });
    const found = stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => others.test(line));
    if (found.length === 0) return fine("neighbours", "no other gateway is running");
    const pids = found.map((line) => line.split(/\s/, 1)[0]).join(", ");
    return warn(
      "neighbours",
      `another gateway runs (pid ${pids}): people may get two answers`,
      "Stop it, or give each its own account. `tapback import` takes its configuration over.",
    );
  } catch {
    return warn(
      "neighbours",
      "running programs cannot be listed, so another gateway would not be seen",
      "Make sure that no OpenClaw gateway runs on the same account.",
    );
  }
}
