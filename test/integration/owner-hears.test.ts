import { afterEach, expect, it } from "vitest";
import { type MessagesWorld, messagesWorld } from "../../src/testing/index.js";
import { closeWorlds, recordingWorld, textsTo } from "../support/recording-world.js";

const owner = "+15550100999";
const mia = "+15550100123";
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
