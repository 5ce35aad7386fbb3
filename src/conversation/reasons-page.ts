import { codeTable } from "../platform/error-codes/reference/index.js";
import { reasons } from "./decision.js";
import { reasonText } from "./reason-texts.js";

/** @returns the reference of all reasons why a message got no turn, generated from their texts */
export function reasonsPage(): string {
  return [
    "# Reasons",
    "",
    "<!-- Generated from src/conversation/reason-texts.ts by `npm run reference`. Do not edit. -->",
    "",
    introduction,
    "",
    ...codeTable("reason", Object.fromEntries(reasons.map((reason) => [reason, reasonText(reason)]))),
    "",
  ].join("\n");
}

const introduction = `Why a message got no turn of an agent: stable words that \`tapback inbox\`, \`tapback explain\`, \`tapback retry --reason\` and the log share.
\`tapback explain <message>\` shows every gate that the message met, and names the person, the chat and the one setting that would change
the outcome. Settings without a dot lie under \`channels.imessage\`, or under its account or group.

What failed is an error with a code: see [errors.md](errors.md).`;
