import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";
const sam = "+15550100124";

afterEach(closeWorlds);

it("answers /stop at once behind a long answer, and sends nothing of its rest, over a restart too", async () => {
  const { world } = await recordingWorld({
    allowFrom: [mia, sam],
    textChunkLimit: 10,
    maxBubbles: 20,
    outbound: { perChatPerMinute: 3 },
  });
  const person = world.person(mia);
  person.says("flood 1000");
  await world.passes({ seconds: 20 });
  const lines = ["line 0000", "line 0001", "line 0002"];
  // The budget of the minute is used up: the rest waits for the next one.
  expect(textsTo(person)).toEqual(lines);
  expect(world.stories.sends.filter(({ state }) => state === "pending")).toHaveLength(17);
  person.says("/stop");
  await world.passes({ seconds: 10 });
  // What the command answers is as long as a message may be, too.
  const stopped = ["Stopped:", "the rest", "of the", "answer is", "not sent."];
  expect(textsTo(person)).toEqual([...lines, ...stopped]);
  await world.stops();
  await world.starts();
  // Another person is answered meanwhile, and nothing is left that could be sent later.
  world.person(sam).says("hey?");
  await world.settles();
  await world.passes({ minutes: 5 });
  expect(textsTo(world.person(sam))).toHaveLength(1);
  expect(textsTo(person)).toEqual([...lines, ...stopped]);
  const { sends } = world.stories;
  expect(sends.filter(({ state }) => state === "pending" || state === "sending")).toEqual([]);
  expect(sends.filter(({ state }) => state === "not_sent").map(({ error }) => error?.code)).toEqual(
    Array.from({ length: 17 }, () => "STOPPED"),
  );
});
