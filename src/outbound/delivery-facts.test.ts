import { expect, it } from "vitest";
import { deliveryOf } from "./delivery-facts.js";

it.each([
  [{ state: "delivered", service: "iMessage" }, false, false],
  [{ state: "sent", service: "SMS" }, true, false],
  [{ state: "sent", downgraded: true }, true, false],
  [{ state: "failed", service: "iMessage" }, false, true],
] as const)("notes of %o: gone as SMS %s, failed %s", (said, downgraded, failed) => {
  const noted = deliveryOf({ isThere: true, downgraded: false, ...said });
  expect(noted).toMatchObject({ downgraded, failed });
  expect(noted).not.toHaveProperty("state");
  expect(noted).not.toHaveProperty("isThere");
});
