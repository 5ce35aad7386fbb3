import { type ErrorCode, err, ok, type Result, TapbackError } from "../platform/index.js";

/**
 * What may be done after a call that changes something failed:
 * - `not_sent`: surely nothing happened; safe to repeat when the error is retryable.
 * - `unknown`: it may have happened; look before anything else.
 */
export type Disposition = "not_sent" | "unknown";

/** Every failure of a bridge. Callers decide on `code`, `retryable` and `disposition`, never on the text. */
export class BridgeError extends TapbackError {
  /** Whether it was surely not sent or may have been; of no meaning for calls that only read. */
  readonly disposition: Disposition;

  constructor(
    code: ErrorCode,
    message: string,
    options: { disposition: Disposition; hint?: string; retryable?: boolean; cause?: unknown },
  ) {
    super(code, message, options);
    this.disposition = options.disposition;
  }
}

/** What ends a child, or tells that there is none. */
const childCodes: ReadonlySet<string> = new Set([
  "CHILD_DOWN",
  "CHILD_EXITED",
  "CHILD_HUNG",
  "BRIDGE_STOPPED",
]);

/**
 * Passes a failure by that may be one chat's own (behaviour 9.9): the others are worth asking.
 * @returns what was asked for, or why this chat does not give it
 * @throws when nobody answers any more
 */
export async function ofOneChat<T>(asked: Promise<T>): Promise<Result<T, unknown>> {
  try {
    return ok(await asked);
  } catch (error) {
    if (error instanceof BridgeError && childCodes.has(error.code)) throw error;
    return err(error);
  }
}
