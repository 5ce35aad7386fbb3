import type { InboxMessage } from "../state/answers.js";

/** What became of a message, in a word or a sentence. */
export function Standing({
  message,
}: {
  message: Pick<InboxMessage, "state" | "decision" | "decisionText" | "reason">;
}) {
  const [kind, words] = standingOf(message);
  return (
    <span class={`standing ${kind}`} title={message.decisionText ?? undefined}>
      {words}
    </span>
  );
}

function standingOf({
  state,
  decision,
  reason,
}: Pick<InboxMessage, "state" | "decision" | "reason">): [string, string] {
  if (state === "failed") return ["bad", "Failed"];
  if (state === "new") return ["busy", "Just in"];
  if (state === "in_turn") return ["busy", "Being answered"];
  if (decision === "dispatch") return state === "done" ? ["good", "Answered"] : ["busy", "Waiting"];
  if (decision === "pairing") return ["asks", "Asked to be let in"];
  if (decision === "context") return ["off", "Read along"];
  if (decision === "drop") return ["off", (reason ?? "dropped").replaceAll("_", " ")];
  return ["off", decision ?? state];
}
