import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld } from "../support/recording-world.js";

const mia = "+15550100123";

afterEach(closeWorlds);

/** imsg looks 20 times for the chat of a row, then drops it (protocol reference 3.4, item 8). */
it("answers a message whose chat was written after imsg had given it up, also after a restart", async () => {
  const { world, envelopes } = await recordingWorld({ allowFrom: [mia] }, {}, { mac: { version: "0.19.1" } });
  const texts = () => envelopes.map(({ text }) => text);
  const person = world.person(mia);
  person.says("first");
  await world.settles();
  // Longer than anything looks.
  await world.fault("late-join", { method: "say", ms: 6_000_000, times: 1 });
  const { guid } = person.says("given up");
  person.says("behind it");
  await world.passes({ seconds: 20 });
  expect(texts()).toEqual(["first", "behind it"]);
  await world.stops();
  await world.starts();
  person.says("after the restart");
  await world.passes({ seconds: 20 });
  expect(texts()).toEqual(["first", "behind it", "after the restart"]);
  world.mac.joinAgain(guid, person.chatIds[0]!);
  await world.settles();
  expect(texts()).toEqual(["first", "behind it", "after the restart", "given up"]);
});
