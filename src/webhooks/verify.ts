import { createHmac, timingSafeEqual } from "node:crypto";

/** How old or new a request may be, seconds. */
const toleranceSeconds = 5 * 60;

/**
 * Whether a request is signed as Standard Webhooks says, with one of these secrets, and is not an old one that somebody kept.
 * @param secrets `whsec_` and base64 @param at milliseconds since the epoch
 */
export function isSigned(secrets: readonly string[], headers: Headers, body: string, at: number): boolean {
  const [id, timestamp, given] = ["id", "timestamp", "signature"].map((name) =>
    headers.get(`webhook-${name}`),
  );
  if (!id || !timestamp || !given || !/^\d{1,15}$/.test(timestamp)) return false;
  if (Math.abs(at / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const signatures = given.split(" ").flatMap((each) => (each.startsWith("v1,") ? each.slice(3) : []));
  return secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const right = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
    return signatures.some((each) => {
      const signature = Buffer.from(each, "base64");
      return signature.length === right.length && timingSafeEqual(signature, right);
    });
  });
}
