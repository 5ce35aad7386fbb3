import { type ErrorCode, TapbackError } from "../platform/index.js";

/**
 * What may be done after a call that changes something failed:
 * - `not_sent`: surely nothing happened; safe to repeat when the error is retryable.
 * - `unknown`: it may have happened; look before anything else.
 */
export type Disposition = "not_sent" | "unknown";

/** Every failure of a bridge. Callers decide on `code`, `retryable` and `disposition`, never on the text. */
export class BridgeError extends TapbackError {
  /** Of no meaning for calls that only read. */
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
