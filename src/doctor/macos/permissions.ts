import type { DatabaseVerdict, MessagesAnswer } from "../../bridge/index.js";
import { by, type Finding, failed, fine } from "../check.js";
import { otherNode, type Signature } from "./signature.js";
import { automationRemedy, grantRemedy, type Standing, withCaution } from "./standing.js";

/** Whether the gateway may read the Messages database: Full Disk Access, with the very file that needs it. */
export function checkDatabase(check: string, verdict: DatabaseVerdict, standing: Standing): Finding {
  const { ok, code, detail, remedy } = verdict;
  if (ok) return by(standing.whose, fine(check, withCaution(detail, standing)));
  const refused = code === "PERMISSION_FULL_DISK_ACCESS";
  return by(
    standing.whose,
    failed(
      check,
      withCaution(refused ? "macOS does not let it read the Messages database" : detail, standing),
      refused
        ? grantRemedy(standing, "Full Disk Access")
        : (remedy ?? "Look at `tapback channels status --probe`."),
    ),
  );
}

/**
 * Whether the gateway may control Messages, which sending needs.
 * @param signature of the file that is judged: what can never be permitted must not send anybody to the settings
 */
export function checkAutomation(
  check: string,
  { state, words }: MessagesAnswer,
  signature: Signature | undefined,
  standing: Standing,
): Finding[] {
  const { whose } = standing;
  const refuse = (detail: string, remedy: string) => [
    by(whose, failed(check, withCaution(detail, standing), remedy)),
  ];
  switch (state) {
    case "answered":
      return [by(whose, fine(check, withCaution("Messages answers it", standing)))];
    case "refused":
      return refuse(
        "macOS does not let it control Messages, so nothing can be sent",
        whose === "service" && signature?.kind === "hopeless" ? otherNode : automationRemedy(standing),
      );
    case "waiting":
      return refuse(
        "Messages did not answer: a prompt is waiting on the screen",
        `Click OK at the Mac's own screen, or by Screen Sharing, in the session of this user. Then: ${whose === "service" ? "tapback service restart" : "tapback doctor"}`,
      );
    case "failed":
      return refuse(
        `Messages cannot be controlled: ${words}`,
        "Quit Messages, open it again (open -a Messages), and run `tapback doctor` once more.",
      );
    case "closed":
      // The line of Messages tells it.
      return [];
  }
}
