import { errorTexts } from "../platform/error-codes/index.js";
import type { ErrorCode } from "../platform/index.js";

/** What went wrong, for programs (RFC 9457), with our own code. */
export interface Problem {
  /** Stable: `urn:tapback:error:CODE`. */
  type: string;
  /** What the code means, one sentence. */
  title: string;
  status: number;
  /** What happened here. */
  detail: string;
  code: string;
  /** What to do. */
  hint: string;
}

/**
 * Makes the answer that tells of an error.
 * @param detail nothing that the asker may not know
 * @param hint the general remedy of the code when absent
 */
export function problemOf(
  code: ErrorCode,
  status: number,
  { detail, hint, headers = {} }: { detail?: string; hint?: string; headers?: Record<string, string> } = {},
): Response {
  const { happened, remedy } = errorTexts[code];
  const body: Problem = {
    type: `urn:tapback:error:${code}`,
    title: happened,
    status,
    detail: detail ?? happened,
    code,
    hint: hint ?? remedy,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...headers,
    },
  });
}
