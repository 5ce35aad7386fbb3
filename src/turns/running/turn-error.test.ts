import { expect, it } from "vitest";
import { TapbackError } from "../../platform/index.js";
import { turnErrorOf } from "./turn-error.js";

const plain = (text: string) => text;

it("says what to do, by the error's own hint or else by its code", () => {
  const hinted = new TapbackError("AGENT_LOGIN", "it asks for a login", { hint: "Log in with `x login`." });
  expect(turnErrorOf(hinted, plain)).toEqual({
    code: "AGENT_LOGIN",
    message: "it asks for a login",
    hint: "Log in with `x login`.",
  });
  expect(turnErrorOf(new TapbackError("AGENT_REFUSED", "no"), plain)).toEqual({
    code: "AGENT_REFUSED",
    message: "no",
    hint: "Put it in other words, or begin afresh with /new.",
  });
  expect(turnErrorOf(new Error("odd"), plain)).toMatchObject({
    code: "AGENT_FAILED",
    hint: expect.stringContaining("log"),
  });
});

it("masks a secret before the rest is cut, so that no half of it is left", () => {
  const cause = new Error(`the-secret${"x".repeat(1995)}`);
  const error = new TapbackError("AGENT_EXIT", "the-secret is refused", { cause });
  const mask = (text: string) => text.replaceAll("the-secret", "…");
  expect(turnErrorOf(error, mask)).toMatchObject({ message: "… is refused", cause: `…${"x".repeat(1995)}` });
});
