import { expect, it } from "vitest";
import { TapbackError } from "../../platform/index.js";
import { turnErrorOf } from "./turn-error.js";

it("says what to do, by the error's own hint or else by its code", () => {
  const hinted = new TapbackError("AGENT_LOGIN", "it asks for a login", { hint: "Log in with `x login`." });
  expect(turnErrorOf(hinted)).toEqual({
    code: "AGENT_LOGIN",
    message: "it asks for a login",
    hint: "Log in with `x login`.",
  });
  expect(turnErrorOf(new TapbackError("AGENT_REFUSED", "no"))).toEqual({
    code: "AGENT_REFUSED",
    message: "no",
    hint: "Put it in other words, or begin afresh with /new.",
  });
  expect(turnErrorOf(new Error("odd"))).toMatchObject({
    code: "AGENT_FAILED",
    hint: expect.stringContaining("log"),
  });
});
