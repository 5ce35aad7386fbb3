import { expect, it } from "vitest";
import { checkSource } from "../check/check.js";

const problems = async (...chats: string[]) => {
  const hook = { url: "https://example.com/hook", secret: `whsec_${"A".repeat(32)}`, chats };
  const groups = { family: { members: ["+15550100"] } };
  const { errors } = await checkSource(JSON.stringify({ accessGroups: groups, webhooks: [hook] }), {});
  return errors.map(({ path, message }) => `${path} ${message}`);
};

it("names every conversation of a webhook that could be none, and why", async () => {
  const refused = [
    ["Mia", "this names nobody"],
    ["chat_id:forty", "chat_id needs a whole number, e.g. chat_id:42"],
    ["imessage:chat_id:forty", "chat_id needs a whole number, e.g. chat_id:42"],
    ["Room 12", "a bare name is not an address"],
    ["sms: Mia 2", "a bare name is not an address"],
    ["*", "this names nobody"],
    ["", "an empty entry admits nobody"],
    ["chat_guid:", 'nothing follows "chat_guid:"'],
    ["accessGroup:family", "a group of people is no conversation; name its people one by one"],
  ] as const;
  for (const [entry, why] of refused)
    expect(await problems("+15550100123", entry)).toEqual([`webhooks[0].chats[1] ${why}`]);
});

it("takes each form of a target", async () => {
  const taken = [
    "chat_id:42",
    "imessage:chat_id:42",
    "chat_guid:iMessage;+;chat12",
    "chat_identifier:chat12",
  ];
  const people = [
    "+1 (555) 010-0123",
    "030 12345678",
    "sms:+15550100123",
    "tel:+15550100123",
    "Mia@Example.com",
  ];
  expect(await problems(...taken, ...people, "242733")).toEqual([]);
});
