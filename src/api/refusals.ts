import { type ErrorCode, TapbackError } from "../platform/index.js";
import type { TokenScope } from "../store/index.js";

/** What is not there, and what a token may not see: the same to the letter. */
export function unknown(): TapbackError {
  return new TapbackError("RESOURCE_UNKNOWN", "there is nothing of that name that this token may see");
}

/** What a token is not good for. */
export function scopeMissing(scope: TokenScope): TapbackError {
  return new TapbackError("SCOPE_MISSING", `this needs a token with the scope ${scope}`);
}

/** What a request has wrong. */
export function invalid(what: string): TapbackError {
  return new TapbackError("REQUEST_INVALID", what);
}

/** The codes that say that something is not there. */
const absent: ReadonlySet<string> = new Set<ErrorCode>([
  ...["RESOURCE_UNKNOWN", "MESSAGE_UNKNOWN", "DRAFT_UNKNOWN", "PAIRING_CODE_UNKNOWN", "APPROVAL_UNKNOWN"],
  ...["ACCOUNT_UNKNOWN", "CHAT_NOT_FOUND"],
] as ErrorCode[]);

const statuses: Partial<Record<ErrorCode, number>> = {
  REQUEST_INVALID: 400,
  USAGE: 400,
  TARGET_INVALID: 400,
  ACTION_PARAMETERS: 400,
  TOKEN_REFUSED: 401,
  CONSOLE_LOCKED: 401,
  SCOPE_MISSING: 403,
  ORIGIN_REFUSED: 403,
  RECIPIENT_REFUSED: 403,
  CONFIG_CHANGED: 409,
  PAIRING_CODE_USED: 409,
  PAIRING_CODE_EXPIRED: 409,
  HANDLE_AMBIGUOUS: 409,
  DRAFT_SETTLED: 409,
  QUESTION_SETTLED: 409,
  REQUEST_TOO_LARGE: 413,
  FILE_TOO_LARGE: 413,
  REQUEST_TYPE: 415,
  KEY_REUSED: 422,
  RATE_LIMITED: 429,
  ACCOUNT_STOPPED: 503,
  ACCOUNT_ELSEWHERE: 503,
};

/** @returns the error as it is told over HTTP, with its status; undefined for what nobody foresaw */
export function told(error: unknown): { error: TapbackError; status: number } | undefined {
  if (!(error instanceof TapbackError)) return undefined;
  if (absent.has(error.code)) return { error: unknown(), status: 404 };
  const status = statuses[error.code] ?? (error.retryable || error.code.startsWith("STORE_") ? 503 : 422);
  return { error, status };
}
