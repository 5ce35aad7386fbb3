import { createHmac } from "node:crypto";

/**
 * The headers of a request as Standard Webhooks asks for them: a signature for each secret over the id, the time and the body.
 * @param secrets `whsec_` and base64 @param at milliseconds since the epoch; sent in whole seconds
 */
export function standardHeaders(
  secrets: readonly string[],
  id: string,
  body: string,
  at: number,
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
