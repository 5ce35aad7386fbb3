import { expect, test } from "../../testing-vitest.js";

const [mia, sam] = ["+15550100123", "sam@example.com"];

test("lets the account's human write first to somebody, who is left alone then", async ({
  messagesWorld,
}) => {
  const world = await messagesWorld({
    agents: { main: ({ text }) => `You wrote: ${text}` },
    config: { channels: { imessage: { handoff: { quietMinutes: 15 } } } },
  });
  const [first, second] = [world.person(mia), world.person(sam)];
  world.byHand("Are we still on for Friday?", first);
  world.byHand("Hello", second);
  world.byHand("Hello again", second);
  await world.passes({ minutes: 1 });
  expect(first.chatIds).toHaveLength(1);
  expect(second.transcript.map(({ text, from }) => [from, text])).toEqual([
    ["me", "Hello"],
    ["me", "Hello again"],
  ]);
  const answer = first.says("Yes");
  const other = world.person("+15550100124").says("Hi");
  await world.settles();
  expect(answer.chatId).toBe(first.chatIds[0]);
  expect(answer).toBeDroppedFor("hushed");
  expect(world).toHaveAnsweredExactlyOnce(other);
  expect(() => world.mac.say({ from: "me", chat: "Nobody", text: "x" })).toThrow(/There is no chat/);
});
