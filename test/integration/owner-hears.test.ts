import { afterEach, expect, it } from "vitest";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const owner = "+15550100999";
const mia = "+15550100123";
const sam = "+15550100124";
const commands = { ownerAllowFrom: [owner] };

let failing: MessagesWorld | undefined;
afterEach(async () => {
  await failing?.close();
  await closeWorlds();
});

it("tells the cause of failed turns to the owner alone, once per chat", async () => {
  failing = await messagesWorld({
    agents: {
      main: () => {
        throw new Error("secret cause of the failure");
      },
    },
    config: { channels: { imessage: { allowFrom: [mia, owner] } }, commands },
  });
  const [asks, boss] = [failing.person(mia), failing.person(owner)];
  for (const text of ["now", "again"]) {
    asks.says(text);
    await failing.settles();
  }
  const excuse = expect.stringMatching(/^Sorry, something went wrong/);
  expect(textsTo(asks)).toEqual([excuse, excuse]);
  expect(textsTo(asks).join()).not.toContain("secret");
  expect(textsTo(boss)).toEqual([expect.stringContaining("secret cause of the failure")]);
  expect(textsTo(boss)[0]).toContain("tapback retry 1");
});

it("keeps quiet where the human wrote by hand, over a restart, but takes commands", async () => {
  const { world } = await recordingWorld(
    { allowFrom: [mia, owner], handoff: { quietMinutes: 15 } },
    { commands },
  );
  const [asks, boss] = [world.person(mia), world.person(owner)];
  // Answers of the gateway itself do not count as written by hand.
  for (const text of ["one", "two"]) {
    asks.says(text);
    await world.settles();
  }
  expect(textsTo(asks)).toEqual(["re: one", "re: two"]);
  world.byHand("I take this one", asks);
  await world.settles();
  await world.stops();
  await world.starts();
  const left = asks.says("three");
  asks.says("/whoami");
  await world.settles();
  expect(textsTo(asks).slice(2)).toEqual([expect.stringContaining(mia)]);
  expect(textsTo(boss)).toEqual([expect.stringContaining("handoff.quietMinutes")]);
  expect(world.story(left)?.entry.decision).toMatchObject({ kind: "drop", reason: "hushed" });
  // Until the time is over.
  await world.passes({ minutes: 16 });
  asks.says("four");
  await world.settles();
  expect(textsTo(asks).at(-1)).toBe("re: four");
});

it("knows what the human wrote by hand while it was down before it decides what it replays", async () => {
  const { world } = await recordingWorld(
    { allowFrom: [mia, sam], handoff: { quietMinutes: 15 }, catchup: { enabled: true } },
    { commands },
  );
  const [asks, other] = [world.person(mia), world.person(sam)];
  asks.says("one");
  await world.settles();
  await world.stops();
  await world.passes({ minutes: 5 });
  const answered = [asks.says("can you come?"), asks.says("at five?")];
  other.says("and me?");
  await world.passes({ minutes: 1 });
  world.byHand("yes, at five", asks);
  await world.passes({ minutes: 2 });
  await world.starts();
  await world.settles();
  answered.push(asks.says("great"));
  await world.settles();
  expect(textsTo(asks)).toEqual(["re: one"]);
  for (const message of answered)
    expect(world.story(message)?.entry.decision).toMatchObject({ kind: "drop", reason: "hushed" });
  expect(textsTo(other)).toEqual(["re: and me?"]);
  await world.passes({ minutes: 16 });
  asks.says("four");
  await world.settles();
  expect(textsTo(asks)).toEqual(["re: one", "re: four"]);
});
