import { afterEach, expect, it } from "vitest";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const mia = "+15550100123";
const sam = "+15550100124";
const tom = "+15550100125";

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

it("ends by /stop what is held for more bubbles, which may be said again, and nobody else's", async () => {
  const { world, envelopes } = await recordingWorld(
    { allowFrom: [mia, sam, tom], coalesceSameSenderDms: true },
    {
      session: { dmScope: "per-peer" },
      messages: { inbound: { byChannel: { imessage: 20_000 } } },
    },
  );
  const [person, other, third] = [world.person(mia), world.person(sam), world.person(tom)];
  const areHeld = async (said: ReturnType<typeof person.says>[]) => {
    await world.passes({ seconds: 5 });
    for (const one of said)
      expect(world.story(one)).toMatchObject({ entry: { state: "decided" }, turn: undefined });
  };
  const held = [person.says("book the flight"), person.says("to Rome")];
  await areHeld([...held, other.says("hello")]);
  person.says("/stop");
  await world.passes({ seconds: 4 });
  expect(textsTo(person)).toEqual(["Stopped."]);
  for (const one of held)
    expect(world.story(one)?.entry).toMatchObject({ state: "done", decision: { reason: "stopped" } });
  person.says("book the flight");
  await world.settles();
  expect(envelopes.map(({ text }) => text).sort()).toEqual(["book the flight", "hello"]);
  person.says("/stop");
  await world.settles();
  expect(textsTo(person).slice(2)).toEqual(["Nothing is running."]);
  // Neither does a start take it up.
  await areHeld([third.says("call mum")]);
  third.says("/stop");
  await world.passes({ seconds: 4 });
  await world.fault("gateway-dies");
  await world.settles();
  expect(envelopes).toHaveLength(2);
  expect(textsTo(third)).toEqual(["Stopped."]);
});
