import type { Decision, MessageRow } from "../conversation/index.js";
import { carriesFiles, writtenText } from "./content.js";
import type { Policy } from "./policy.js";
import type { Trail } from "./trail.js";

/** The gate drops messages that are files and nothing else, where files are not taken in (behaviour 7.1). */
export function attachmentsGate(message: MessageRow, policy: Policy, trail: Trail): Decision | undefined {
  if (!carriesFiles(message)) return undefined;
  const key = policy.keyOf("includeAttachments");
  if (!policy.includeAttachments && writtenText(message) === "" && !message.poll)
    return trail.drop({
      gate: "includeAttachments",
      reason: "attachments_only",
      detail: "The message has attachments only, and these are not taken in.",
      remedy: `Set ${key} to true.`,
      key,
    });
  trail.note(
    "includeAttachments",
    `Attachments are ${policy.includeAttachments ? "taken in" : "left out"}.`,
    key,
  );
  return undefined;
}
