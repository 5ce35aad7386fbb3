import type { DatabaseVerdict, MessagesAnswer, RunTool } from "../../bridge/index.js";
import { localTime } from "../../platform/index.js";
import { by, type Finding, failed, fine, type Whose } from "../check.js";

/** How long a tool of macOS may take, milliseconds. */
const limitMs = 5000;

/** What the gateway, or this terminal, learned of Messages. */
export interface MessagesFacts {
  whose: Whose;
  answer: MessagesAnswer;
  database: DatabaseVerdict | undefined;
}

/** Messages itself: whether it runs and is signed in, by which address, and when its newest message came. */
export async function checkMessages(
  check: string,
  { whose, answer, database }: MessagesFacts,
  run: RunTool,
): Promise<Finding> {
  if (answer.state === "closed" || !(await runs(run)))
    return by(
      whose,
      failed(
        check,
        "Messages does not run in the session of this user: nothing is received",
        "Log in at the Mac's screen as this user, then: open -a Messages. So that it runs after each login, add it in System Settings > General > Login Items.",
      ),
    );
  if (answer.signedIn === false)
    return by(
      whose,
      failed(
        check,
        "Messages runs, and no iMessage account is switched on in it",
        "Sign in at the Mac's screen: Messages > Settings > iMessage. Then: tapback doctor",
      ),
    );
  const { ownAddress, newestAt } = database ?? {};
  return by(
    whose,
    fine(
      check,
      [
        answer.signedIn ? "runs, signed in to iMessage" : "runs",
        ...(ownAddress ? [`its address is ${ownAddress}`] : []),
        ...(database?.ok ? [newestAt ? `newest message ${localTime(newestAt)}` : "no message yet"] : []),
      ].join("; "),
    ),
  );
}

/** Where it cannot be told, it is taken to run. */
async function runs(run: RunTool): Promise<boolean> {
  const ran = await run("pgrep", ["-x", "-u", String(process.getuid?.() ?? 0), "Messages"], limitMs);
  return ran.state !== "ended" || ran.exitCode !== 1;
}
