import { createHmac } from "node:crypto";

/**
 * The headers by which a web service knows that a request is ours and fresh: HMAC-SHA256, with the shared secret, over
 * the timestamp, a dot, and the body's bytes.
 * @param at milliseconds since the epoch; sent in whole seconds
 */
export function signatureHeaders(secret: string, body: string, at: number): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const digest = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return { "x-tapback-timestamp": timestamp, "x-tapback-signature": `sha256=${digest}` };
}
