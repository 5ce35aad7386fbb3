import { createHmac, timingSafeEqual } from "node:crypto";

/** How old or new a request may be, seconds. */
const toleranceSeconds = 5 * 60;

/** As Standard Webhooks asks of a key; whoever guesses a shorter one may sign. */
const leastKeyBytes = 24;

/** Whether a secret has a key that is long enough to sign with. @param secret `whsec_` and base64 */
export function isSecret(secret: string): boolean {
  return keyIn(secret).length >= leastKeyBytes;
}

function keyIn(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}

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
    const right = createHmac("sha256", keyIn(secret)).update(`${id}.${timestamp}.${body}`).digest();
    return signatures.some((each) => {
      const signature = Buffer.from(each, "base64");
      return signature.length === right.length && timingSafeEqual(signature, right);
    });
  });
}
