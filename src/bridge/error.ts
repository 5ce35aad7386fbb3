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
  /** Whether the other side itself said so; false where nobody was there to answer, whatever the code is. */
  readonly answered: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      disposition: Disposition;
      answered?: boolean;
      hint?: string;
      retryable?: boolean;
      cause?: unknown;
    },
  ) {
    super(code, message, options);
    this.disposition = options.disposition;
    this.answered = options.answered ?? false;
  }
}

/**
 * What is said of a call that was not begun, because something that was asked before it failed: nothing happened, whatever became
 * of that question.
 */
export function notBegun(failure: BridgeError): BridgeError {
  const { code, message, hint, retryable, disposition } = failure;
  return new BridgeError(code, message, {
    disposition: "not_sent",
    // What nobody knows of a question can be asked again.
    retryable: retryable || disposition === "unknown",
    ...(hint !== undefined && { hint }),
    cause: failure,
  });
}

/** What leaves a request without an answer of its own while there is a child: anything else means that there is none. */
const childLives: ReadonlySet<string> = new Set(["REQUEST_TIMEOUT", "PROTOCOL", "SERVER_BUSY"]);

/**
 * Passes a failure by that may be one chat's own (behaviour 9.9): the others are worth asking.
 * @returns what was asked for, or why this chat does not give it
 * @throws when nobody answers any more
 */
export async function ofOneChat<T>(asked: Promise<T>): Promise<Result<T, unknown>> {
  try {
    return ok(await asked);
  } catch (error) {
    if (error instanceof BridgeError && !error.answered && !childLives.has(error.code)) throw error;
    return err(error);
  }
}
