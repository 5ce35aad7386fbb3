import { expect, test } from "../../testing-vitest.js";

test("asks no answer of a STOP by who said it before", async ({ messagesWorld }) => {
  const world = await messagesWorld({ agents: { main: ({ text }) => `You wrote: ${text}` } });
  const person = world.person("+15550100123");
  const says = async (text: string) => {
    const message = person.says(text);
    await world.settles();
    return message;
  };
  await says("Hello");
  await says("STOP");
  const again = await says("STOP");
  expect(world).toHaveAnsweredExactlyOnce();
  // Who asks about it is told.
  expect(() => expect(world).toHaveAnsweredExactlyOnce(again)).toThrow("“STOP” was not answered: command");
  const [hello] = person.transcript;
  world.mac.say({ from: "me", chat: hello!.chatId, text: "Once more" });
  expect(() => expect(world).toHaveAnsweredExactlyOnce()).toThrow("no send explains it");
});

test("finds a world in which nobody was let in", async ({ messagesWorld }) => {
  const world = await messagesWorld({
    agents: { main: () => "hi" },
    config: { channels: { imessage: { dmPolicy: "allowlist", allowFrom: ["+15550100124"] } } },
  });
  world.person("+15550100123").says("Hello");
  await world.settles();
  expect(() => expect(world).toHaveAnsweredExactlyOnce()).toThrow("No message was let in");
});
