import type { Decision } from "../conversation/index.js";
import type { Case } from "./case.js";
import { carriesFiles, saysSomething } from "./content.js";

/** The gate drops messages that are files and nothing else, where files are not taken in (behaviour 7.1). */
export function attachmentsGate({ message, policy, trail }: Case): Decision | undefined {
  if (!carriesFiles(message)) return undefined;
  const key = policy.keyOf("includeAttachments");
  if (!policy.includeAttachments && !saysSomething(message))
    return trail.drop({
      gate: "includeAttachments",
      reason: "attachments_only",
      names: { includeAttachments: key },
      key,
    });
  trail.note(
    "includeAttachments",
    `Attachments are ${policy.includeAttachments ? "taken in" : "left out"}.`,
    key,
  );
  return undefined;
}
