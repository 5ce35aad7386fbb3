import { expect, it } from "vitest";
import { directChat, directMessage } from "../../test/support/message.js";
import { commandRules } from "../commands/index.js";
import { admissionOf } from "./admission.js";
import { compilePolicy } from "./policy.js";

const policy = compilePolicy({ accountId: "default", commandRules, dmPolicy: "open", allowFrom: ["*"] });
const of = (message: Parameters<typeof admissionOf>[0]) => admissionOf(message, policy, {});

it("admits nobody without a name, and nobody of whom it is not known where they wrote", () => {
  expect(of(directMessage())).toBe("admitted");
  expect(of(directMessage({ from: "" }))).toBe("refused");
  expect(of(directMessage({ chat: { ...directChat("+15550100123"), guid: "", id: 0 } }))).toBe("refused");
  expect(of(directMessage({ chat: { ...directChat("+15550100123"), guid: "", identifier: "" } }))).toBe(
    "refused",
  );
});
