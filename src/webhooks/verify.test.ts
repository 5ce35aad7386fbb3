import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { standardHeaders } from "./sign.js";
import { isSigned } from "./verify.js";

const [secret, other] = [`whsec_${"A".repeat(40)}`, `whsec_${"B".repeat(40)}`];
const at = Date.UTC(2026, 4, 9);
const body = '{"id":1}';

function signed(by: string, change: Record<string, string> = {}): Headers {
  const signature = new Webhook(by).sign("evt_1", new Date(at), body);
  const headers = {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(at / 1000),
    "webhook-signature": signature,
  };
  return new Headers({ ...headers, ...change });
}

it("takes what the published library signs, and what a webhook of ours does with several secrets", () => {
  expect(isSigned([secret], signed(secret), body, at)).toBe(true);
  expect(isSigned([other, secret], signed(secret), body, at)).toBe(true);
  const ours = new Headers(standardHeaders([other, secret], "evt_1", body, at));
  expect(isSigned([secret], ours, body, at + 299_000)).toBe(true);
});

it("takes nothing that was changed, signed by somebody else, or kept for long", () => {
  const good = signed(secret).get("webhook-signature")!;
  const refused: [Headers, string, number][] = [
    [signed(other), body, at],
    [signed(secret), '{"id":2}', at],
    [signed(secret, { "webhook-id": "evt_2" }), body, at],
    [signed(secret, { "webhook-timestamp": String(at / 1000 + 1) }), body, at],
    [signed(secret, { "webhook-signature": good.replace("v1,", "v1a,") }), body, at],
    [signed(secret, { "webhook-signature": "v1," }), body, at],
    [signed(secret, { "webhook-timestamp": "soon" }), body, at],
    [signed(secret), body, at + 301_000],
    [signed(secret), body, at - 301_000],
    [new Headers(), body, at],
  ];
  for (const [headers, text, now] of refused) expect(isSigned([secret], headers, text, now)).toBe(false);
});
