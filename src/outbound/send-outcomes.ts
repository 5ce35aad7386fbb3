import type { ErrorCode } from "../platform/index.js";
import type { OutboxItem, SendOutcome } from "../store/index.js";

/** The failure of a send, with its remedy, as it is shown wherever the send is. */
export interface Cause {
  code: ErrorCode;
  message: string;
}

/**
 * What a look-up found of a send that failed: what is shown is why it failed, not that it was then looked for (behaviour
 * 10.1).
 * @param cause absent where nothing failed and the process died
 */
export function withCause(outcome: SendOutcome, cause: Cause | undefined): SendOutcome {
  if (cause === undefined || !("error" in outcome)) return outcome;
  if (outcome.state === "retry") return { ...outcome, error: cause };
  const { code, message } = outcome.error;
  return { ...outcome, error: { code, message: `${message}; its send failed: ${cause.message}` } };
}

/** A send under a GUID of ours that Messages does not have, or not yet: it is repeated under the same one. */
export function inDoubt(dueAt: number): SendOutcome {
  const error = { code: "NOT_FOUND_IN_HISTORY" as const, message: "Messages does not have it" };
  return { state: "retry", dueAt, error, inDoubt: true };
}

/** The end of a send that was stopped, or given up with a part before it, while nobody knew whether it had gone out. */
export const stoppedOnItsWay: SendOutcome = {
  state: "unknown",
  error: {
    code: "STOPPED",
    message: "the rest of the answer is not sent, and this part of it was on its way",
  },
};

/** What may be said of a send that ends: where an earlier try is in doubt, nobody knows that it was not sent. */
export function asSure(outcome: SendOutcome, { inDoubt: doubt }: Pick<OutboxItem, "inDoubt">): SendOutcome {
  return doubt && outcome.state === "not_sent" ? { ...outcome, state: "unknown" } : outcome;
}

/** The end of a send that is too old to go out. @param last what it failed with the last time */
export function expired(ttlMs: number, last: Pick<Cause, "message"> | undefined): SendOutcome {
  const minutes = Math.round(ttlMs / 60_000);
  const why = last === undefined ? "" : `; the last time: ${last.message}`;
  return {
    state: "not_sent",
    error: {
      code: "EXPIRED",
      message: `it could not be sent for ${minutes} minutes (outbound.ttlMinutes) and is not sent late${why}`,
    },
  };
}

/** Whether a try failed in another way than the one before it: the log has a line for each change, not for each try. */
export function isNews({ error }: OutboxItem, outcome: SendOutcome & { error: Cause }): boolean {
  return error?.code !== outcome.error.code || error.message !== outcome.error.message;
}

/** Whether our own rules hold a message up, by the code of its error: that says nothing of how sends do. */
export function isOurRule(code: string): boolean {
  return /^(RECIPIENT_REFUSED|PACED|STOPPED|UNANSWERED|FIRST_MESSAGE|EARLIER_PART_FAILED|FILE_\w+)$/.test(
    code,
  );
}
