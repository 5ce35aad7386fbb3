import { shownText } from "../conversation/index.js";
import type { ErrorCode } from "../platform/index.js";
import { isRerun, type JournalEntry } from "../store/index.js";

/** Why a row is not sent through the gates again. */
export interface RetryRefusal {
  code: ErrorCode;
  message: string;
  hint: string;
}

/**
 * Judges whether a row may go through the gates again (behaviour 14).
 * @param again whether it may have gone before
 * @returns why it is left alone; undefined when it may go
 */
export function retryRefusal(entry: JournalEntry, again: boolean): RetryRefusal | undefined {
  const { id, row, state, decision } = entry;
  const explain = `\`tapback explain ${id}\` tells its story.`;
  if (row.fromMe) return { code: "RETRY_OWN", message: `message ${id} is the account's own`, hint: explain };
  if (state !== "done" && state !== "failed")
    return { code: "RETRY_RUNNING", message: `message ${id} is being worked on now`, hint: explain };
  if (state === "done" && (decision?.kind === "dispatch" || decision?.kind === "command"))
    return { code: "RETRY_ANSWERED", message: `message ${id} was answered`, hint: explain };
  const wordless = wordlessWhy(entry);
  if (wordless) return { code: "RETRY_WORDLESS", message: `message ${id} ${wordless}`, hint: explain };
  if (shownText(row) === "" && row.attachments.length === 0 && !row.tapback)
    return {
      code: "RETRY_FORGOTTEN",
      message: `the text of message ${id} is not kept any more`,
      hint: explain,
    };
  if (isRerun(entry.arrival) && !again)
    return {
      code: "RETRIED_BEFORE",
      message: `message ${id} went through the gates again before`,
      hint: "Use --again to repeat it.",
    };
  return undefined;
}

/** Why there never was anything that could be answered; undefined where there was, though it may not be kept any more. */
function wordlessWhy({ row, decision }: JournalEntry): string | undefined {
  if (row.change) return "is news of an earlier one, and has no text of its own";
  const reason = decision && "reason" in decision ? decision.reason : undefined;
  if (reason === "unreadable") return "came without anything that could be read";
  return reason === "empty" ? "came without text and without files" : undefined;
}

/** @returns the command that sends a row through today's gates again; undefined where it could change nothing, or is refused */
export function retryOffer(entry: JournalEntry): string | undefined {
  const { id, arrival, state, decision } = entry;
  const mayChange = state === "failed" || (decision !== undefined && "reason" in decision);
  if (!mayChange || retryRefusal(entry, true)) return undefined;
  return `tapback retry ${id}${isRerun(arrival) ? " --again" : ""}`;
}
