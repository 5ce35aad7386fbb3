import { type ErrorCode, TapbackError } from "../platform/index.js";

/** Of every answer: nothing from elsewhere is loaded, run or framed, and nothing of it is seen elsewhere. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/**
 * Refuses what a page from elsewhere makes a browser send (behaviour 19.2). `Host` was looked at by the listener before.
 * @param isPage it is a page, to which others may lead
 * @throws `ORIGIN_REFUSED`
 */
export function checkOrigin({ method, headers }: Request, isPage: boolean): void {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  const isRead = method === "GET" || method === "HEAD";
  const isOwn = origin === `http://${headers.get("host")}`;
  // Browsers say where whatever changes something comes from; a read need not, and may come from the address line.
  if (origin === null ? !isRead : !isOwn) throw refused("ORIGIN_REFUSED");
  const isFromElsewhere = site !== null && site !== "same-origin" && site !== "none";
  const isFollowedLink = isPage && isRead && headers.get("sec-fetch-mode") === "navigate";
  if (isFromElsewhere && !isFollowedLink) throw refused("ORIGIN_REFUSED");
}

function refused(code: ErrorCode): TapbackError {
  return new TapbackError(code, "the request comes from a page of somebody else");
}

/** @returns the value of the first cookie of a name */
export function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
