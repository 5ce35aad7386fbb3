import { expect, it } from "vitest";
import { FakeClock } from "../../../test/support/fake-clock.js";
import { Observations } from "./observations.js";

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

it("does not call sends broken because our own rules refused one", () => {
  const seen = new Observations(new FakeClock(5), quiet);
  seen.sent({ state: "stored", guid: "G" });
  for (const code of ["RECIPIENT_REFUSED", "FILE_TOO_LARGE"] as const)
    seen.sent({ state: "not_sent", error: { code, message: "no" } });
  expect(seen.seen.lastSend?.outcome).toMatchObject({ state: "stored" });
  seen.sent({ state: "not_sent", error: { code: "PERMISSION_AUTOMATION", message: "no" } });
  expect(seen.seen.lastSend?.outcome).toMatchObject({ state: "not_sent" });
});
