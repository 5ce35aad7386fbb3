import type { RunTool } from "../../bridge/index.js";
import { by, type Finding, warn } from "../check.js";

/** How long a tool of macOS may take, milliseconds. */
const limitMs = 5000;

/** Node with the program of a gateway, as it was installed or built. */
const gateways = /\bnode\b.*\/(?:tapback|dist\/cli\/main\.js)\s(?:.*\s)?gateway(?:\s|$)/;

/**
 * A second Tapback in another login session, or of another state directory: on one Apple Account both would answer.
 * @param own process id of the gateway that is known of
 */
export async function checkSessions(own: number | undefined, run: RunTool): Promise<Finding[]> {
  const ran = await run("/bin/ps", ["-axo", "pid=,user=,command="], limitMs);
  if (ran.state !== "ended") return [];
  const others = ran.stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((found) => found !== null)
    .filter(([, pid, , command]) => Number(pid) !== own && gateways.test(command!));
  return others.map(([, pid, user]) =>
    by(
      "terminal",
      warn(
        "sessions",
        `a second gateway runs (pid ${pid}, of user ${user}): on the same Apple Account, people get two answers`,
        `Log in as ${user} and run \`tapback service uninstall\`, or end it where it runs (Ctrl-C); or give each its own Apple Account.`,
      ),
    ),
  );
}
