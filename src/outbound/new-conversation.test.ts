import { expect, it } from "vitest";
import type { Chat, Target } from "../conversation/index.js";
import { begunOver } from "./new-conversation.js";

const person = (handle: string, service: "imessage" | "sms" | "auto" = "auto"): Target => ({
  kind: "handle",
  handle,
  service,
});
const known: Chat = {
  id: 1,
  guid: "any;-;+15550100123",
  identifier: "+15550100123",
  name: "",
  participants: ["+15550100123"],
  isGroup: false,
};
const over = (target: Target, service: "imessage" | "sms" | "auto") =>
  begunOver(target, service, async () => [known]);

it("begins a conversation over the service that the configuration names", async () => {
  expect(await over(person("+15550100999"), "sms")).toEqual(person("+15550100999", "sms"));
  expect(await over(person("kim@example.com"), "imessage")).toEqual(person("kim@example.com", "imessage"));
});

it.each([
  ["a conversation that there is", person("+15550100123"), "sms"],
  ["a target that names its service", person("+15550100999", "imessage"), "sms"],
  ["a chat", { kind: "chat_id", chatId: 1 } as Target, "sms"],
  ["an address, which no SMS reaches", person("kim@example.com"), "sms"],
  ["every service", person("+15550100999"), "auto"],
] as const)("leaves alone %s", async (_, target, service) => {
  expect(await over(target, service)).toEqual(target);
});
