import type { ErrorCode } from "./error-codes/index.js";

/**
 * The one error type that may reach a person: a stable code, what happened, what to do.
 * Callers decide on `code` and `retryable`, never on the text.
 */
export class TapbackError extends Error {
  override readonly name = "TapbackError";
  /** Stable; the table of `error-codes/` says what each means and what can be done. */
  readonly code: ErrorCode;
  /** What the reader can do about it, one sentence; absent when there is nothing to do. */
  readonly hint?: string;
  /** Whether the same call may succeed later without anybody's doing. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    if (options.hint !== undefined) this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * Takes the code of an error that another process wrote, the gateway or an earlier version: one that this version does
 * not know stays as it is, for scripts that decide on it.
 */
export function codeFromOutside(code: string): ErrorCode {
  return code as ErrorCode;
}

/** @returns the error's message, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @returns the error's message with what can be done about it: for readers that get one text, as agents do. */
export function adviceOf(error: unknown): string {
  const message = messageOf(error);
  if (!(error instanceof TapbackError) || error.hint === undefined) return message;
  return `${message}${/[.!?…]$/.test(message) ? "" : "."} ${error.hint}`;
}

/** @returns Node's errno code (`ENOENT`, …) when the error carries one. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : undefined;
}
