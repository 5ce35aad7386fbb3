import { expect, it } from "vitest";
import { isReviewed } from "./review.js";

const mia = "+15550100123";
const account = {
  region: "US",
  review: "off" as const,
  dms: { "(555) 010-0123": { review: "on" as const }, "kim@example.com": { review: "off" as const } },
  groups: { "7": { review: "on" as const }, "8": {}, "*": { review: "off" as const } },
};
const direct = (handle: string) => ({ isGroup: false, chatId: 3, handle });
const group = (chatId: number) => ({ isGroup: true, chatId, handle: mia });

it.each([
  ["a person's own setting", account, undefined, direct(mia), true],
  [
    "a person's own setting before the agent's",
    account,
    { review: "on" as const },
    direct("Kim@example.com"),
    false,
  ],
  ["the agent's before the account's", account, { review: "on" as const }, direct("+15550100777"), true],
  [
    "the agent's that says no",
    { ...account, review: "on" as const },
    { review: "off" as const },
    direct("+1555"),
    false,
  ],
  ["the account's", { ...account, review: "on" as const }, {}, direct("+15550100777"), true],
  ["nobody's", account, {}, direct("+15550100777"), false],
  ["a group's own", account, undefined, group(7), true],
  [
    "that for all groups, where the group's own says nothing",
    account,
    { review: "on" as const },
    group(8),
    false,
  ],
  ["a person's setting in no group", { ...account, groups: {} }, undefined, group(9), false],
])("holds by %s", (_, settings, agent, chat, held) => {
  expect(isReviewed(settings, agent, chat)).toBe(held);
});
