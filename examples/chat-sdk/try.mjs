// Tries the bot on a simulated Mac, in virtual time: node --test try.mjs
import { test } from "node:test";
import { assertAnsweredExactlyOnce, assertReceived, messagesWorld } from "tapback/testing";
import { bot, tapback } from "./bot.mjs";

test("it greets, and then repeats what is said", async (t) => {
  const world = await messagesWorld({ agents: { main: tapback.asAgent() } });
  t.after(() => world.close());
  await bot.initialize();
  const mia = world.person("+15550100123");
  mia.says("Hello");
  await world.settles();
  mia.says("2*3*4 is 24");
  await world.settles();
  assertReceived(mia, "Hello! I'm listening to this thread now.", "You said: 2*3*4 is 24");
  assertAnsweredExactlyOnce(world);
});
